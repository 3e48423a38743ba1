# Tools the stages need. What is on the machine is taken as it is; what is missing goes to $tools_dir. Sourced by scripts/test.

nextest_version=0.9.143
deny_version=0.20.2
machete_version=0.9.2
typos_version=1.52.0
llvm_cov_version=0.9.1

# ensure_tools STAGE…: everything these stages need, or a message and failure.
ensure_tools() {
    local stage
    PATH=$tools_dir/bin:$PATH
    need_program cargo "Install Rust 1.95 or newer with rustup."
    for stage in "$@"; do
        case $stage in
        fmt) cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt ;;
        clippy | peers) cargo clippy --version >/dev/null 2>&1 || rustup component add clippy ;;
        typos) ensure_typos ;;
        deny | advisories) ensure_cargo_tool deny "$deny_version" ;;
        machete) ensure_cargo_tool machete "$machete_version" ;;
        tests | kills) ensure_cargo_tool nextest "$nextest_version" ;;
        esac
    done
}

need_program() {
    command -v "$1" >/dev/null || fail "$1 is missing. $2"
}

# ensure_cargo_tool NAME VERSION: the command `cargo NAME`, built from source where it is missing.
ensure_cargo_tool() {
    if cargo "$1" --version >/dev/null 2>&1; then
        return
    fi
    echo "cargo-$1 is missing: installing $2 into $tools_dir (some minutes, once)"
    # Its own throw-away target folder: its objects are of no use to our builds.
    env -u CARGO_TARGET_DIR cargo install "cargo-$1" --version "$2" --locked --quiet --root "$tools_dir"
}

# typos ships as a wheel with its binary; where no virtual environment can be made it is built like the others.
ensure_typos() {
    if command -v typos >/dev/null; then
        return
    fi
    local venv=$tools_dir/typos
    mkdir -p "$tools_dir/bin"
    if python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "typos==$typos_version"; then
        ln -sf "$venv/bin/typos" "$tools_dir/bin/typos"
    else
        rm -rf "$venv"
        echo "no typos from a virtual environment (python3 with venv and pip is wanted): building it"
        env -u CARGO_TARGET_DIR cargo install typos-cli --version "$typos_version" --locked --quiet --root "$tools_dir"
    fi
}
