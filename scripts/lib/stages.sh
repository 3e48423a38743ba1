# Stages: named functions `stage_NAME`, run one after the other, timed and remembered for a table. Sourced by scripts/test.

failed=0
table=()
exit_commands=()

# on_exit COMMAND…: runs it when the script ends, however it ends; the latest first.
on_exit() { exit_commands=("$(printf '%q ' "$@")" "${exit_commands[@]}"); }

run_exit_commands() {
    trap - EXIT INT TERM
    local line
    for line in "${exit_commands[@]}"; do
        eval "$line"
    done
}
trap run_exit_commands EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Inside a stage. skip REASON: ends it, and the table gives the reason. fail REASON: ends it as failed.
skip() { printf '%s' "$1" >"$work/skipped" && exit 77; }
fail() { printf 'failed: %s\n' "$1" >&2 && exit 1; }

# run_stage NAME: runs stage_NAME in a subshell under `set -e`, and puts its outcome into the table.
run_stage() {
    local name=$1 began=$SECONDS status outcome
    printf '\n==== %s\n' "$name"
    # Not in an `if` or behind `||`: there, bash would ignore `set -e` inside.
    (
        # The clean-up belongs to the script, not to its stages.
        trap - EXIT INT TERM
        set -e
        "stage_$name"
    )
    status=$?
    case $status in
    0) outcome=passed ;;
    77) outcome="SKIPPED: $(<"$work/skipped")" ;;
    *) outcome="FAILED (exit status $status)" && failed=1 ;;
    esac
    table+=("$(printf '%-11s %5d s  %s' "$name" $((SECONDS - began)) "$outcome")")
    [[ $status == 0 || $status == 77 ]]
}

print_table() {
    printf '\n==== %d s in all\n' "$SECONDS"
    printf '%s\n' "${table[@]}"
}
