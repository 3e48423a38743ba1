# A served village for stages that look at the built program: started, asked, stopped. Sourced by scripts/test.
# Call it inside a stage: the server ends with the stage, whatever comes of that.

# served_start HAMLET FOLDER [FLAG…]: a server on a free port; its address is in $served_at once it answers.
served_start() {
    local hamlet=$1 folder=$2
    shift 2
    "$hamlet" serve --listen 127.0.0.1:0 --data "$folder" "$@" >"$folder.out" 2>"$folder.err" &
    served=$!
    trap 'kill -9 "$served" 2>/dev/null' EXIT
    for _ in {1..600}; do
        served_at=$(sed -n 's/^listening on //p' "$folder.out")
        if [[ -n $served_at ]]; then
            return
        fi
        kill -0 "$served" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$folder.err" >&2
    fail "hamlet serve did not come to life"
}

# served_get PATH: the body of an answer of 200; anything else fails.
served_get() {
    python3 -c '
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.write(opener.open(sys.argv[1], timeout=30).read().decode())
' "$served_at$1"
}

# served_tick: ticks that the village has lived.
served_tick() { served_get /api/v1/world | python3 -c 'import json, sys; print(json.load(sys.stdin)["tick"])'; }

# served_stop FOLDER: SIGTERM, which must be taken for what it is.
served_stop() {
    local status=0
    kill -TERM "$served"
    wait "$served" || status=$?
    trap - EXIT
    if [[ $status != 0 ]]; then
        tail -n 20 "$1.err" >&2
        fail "hamlet serve ended with $status after SIGTERM"
    fi
}
