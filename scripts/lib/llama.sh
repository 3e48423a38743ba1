# llama.cpp's server, from the package for Python. Sourced by scripts/test-llama.

llama_version=0.3.36
gguf_version=0.19.0

# ensure_llama: HAMLET_LLAMA_PYTHON is a Python that has both, in a virtual environment of its own where none was named.
ensure_llama() {
    if [[ -n ${HAMLET_LLAMA_PYTHON:-} ]]; then
        return
    fi
    local venv=$tools_dir/llama-$llama_version
    export HAMLET_LLAMA_PYTHON=$venv/bin/python
    if [[ -x $HAMLET_LLAMA_PYTHON ]]; then
        return
    fi
    echo "llama-cpp-python is missing: building $llama_version into $venv (ten minutes or more, once)"
    # Under its final name only once it is whole.
    rm -rf "$venv.partial"
    python3 -m venv "$venv.partial" &&
        CMAKE_ARGS="-DLLAVA_BUILD=OFF -DLLAMA_CURL=OFF -DGGML_NATIVE=OFF ${CMAKE_ARGS:-}" \
            "$venv.partial/bin/pip" install --quiet "gguf==$gguf_version" "llama-cpp-python[server]==$llama_version" &&
        mv "$venv.partial" "$venv"
}
