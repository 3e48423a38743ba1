# schemathesis over a served village, as three callers. Sourced by scripts/fuzz, after stages.sh, tools.sh and served.sh.

schemathesis_version=4.32.5

# Every check but this one: what the schema lets through, the world may still refuse (nobody votes on what they wrote themselves).
fuzz_exclude_checks=positive_data_acceptance

# Operations by which a caller would end its own part in the test: a key or account gone, the village paused, everybody signed out.
# They are called without a key all the same, and tests/api/matrix.rs calls them as everybody.
fuzz_ends_itself=(
    people_logout people_password people_forget
    admin_suspend admin_role admin_reset_password
    identity_leave identity_revoke identity_rotate
    admin_suspend_agent admin_quarantine_agent admin_revoke_keys halt_agent
    world_set_world_time
)

# ensure_schemathesis: $schemathesis is its program, in a virtual environment of its own.
ensure_schemathesis() {
    local venv=$tools_dir/schemathesis-$schemathesis_version
    schemathesis=$venv/bin/schemathesis
    if [[ -x $schemathesis ]]; then
        return
    fi
    echo "schemathesis is missing: installing $schemathesis_version into $venv"
    rm -rf "$venv"
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "schemathesis==$schemathesis_version"
}

# fuzz_ask METHOD PATH TOKEN [BODY]: the body of an answer of 2xx; anything else fails.
fuzz_ask() {
    python3 -c '
import sys, urllib.request
method, url, token = sys.argv[1:4]
body = sys.argv[4].encode() if len(sys.argv) > 4 else None
headers = {"Content-Type": "application/json"}
if token:
    headers["Authorization"] = "Bearer " + token
request = urllib.request.Request(url, body, headers, method=method)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.write(opener.open(request, timeout=30).read().decode())
' "$1" "$served_at$2" "${@:3}"
}

# member NAME…: the member of the JSON on stdin.
member() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1:]:
    value = value[name]
print(value)' "$@"
}

# fuzz_as WHO TOKEN: calls every operation as somebody, and says what came of it. Its report, with keys that end with the village, is $fuzz_at/WHO.txt.
fuzz_as() {
    local who=$1 token=$2 status=0 flags=()
    if [[ -n $token ]]; then
        flags=(--header "Authorization: Bearer $token" "${fuzz_ends_itself[@]/#/--exclude-operation-id=}")
    fi
    # One worker: hypothesis trips over itself in threads of Python 3.11. WebSockets answer no ordinary request; tests/api/ws.rs has them.
    # It leaves a folder of its own where it stands.
    (cd "$fuzz_at" && "$schemathesis" run "$served_at/openapi.json" --no-color --warnings off --suppress-health-check all --workers 1 \
        --phases examples,coverage,fuzzing,stateful --max-examples "$fuzz_examples" --continue-on-failure \
        --generation-database none --output-sanitize false --seed "$fuzz_seed" --request-timeout 20 --checks all --exclude-checks "$fuzz_exclude_checks" \
        --exclude-path-regex '^/api/v1/ws' "${flags[@]}") >"$fuzz_at/$who.txt" 2>&1 || status=$?
    printf '%-10s %s\n' "$who" "$(grep -E '^=+ .* in [0-9.]+s =+$' "$fuzz_at/$who.txt" | tail -n 1 | tr -d =)"
    if [[ $status != 0 ]]; then
        cat "$fuzz_at/$who.txt"
        return 1
    fi
}

# fuzz_village HAMLET: serves a village, lets in an agent and an admin, and calls everything as nobody, as the one and as the other.
fuzz_village() {
    local hamlet=$1 data=$fuzz_at/village failed=0 key token
    served_start "$hamlet" "$data" --set limits.key_requests_per_min=1000000 --set limits.anonymous_requests_per_min=1000000
    key=$(fuzz_ask POST /api/v1/agents/register "" '{"name": "fuzzy", "description": "I try everything."}' | member agent api_key)
    printf 'only-for-this-run' | "$hamlet" admin create boss --role admin --password-stdin --data "$data" >/dev/null

    fuzz_as anonymous "" || failed=1
    fuzz_as agent "$key" || failed=1
    # An access token is short-lived: it is fetched when it is needed.
    token=$(fuzz_ask POST /api/v1/auth/login "" '{"name": "boss", "password": "only-for-this-run"}' | member access_token)
    fuzz_as admin "$token" || failed=1

    # Had one of them been shut out on the way, most answers would have been mere refusals.
    fuzz_ask GET /api/v1/agents/me "$key" >/dev/null || fail "the agent's key did not last to the end: the test saw too little"
    fuzz_ask GET /api/v1/auth/me "$token" >/dev/null || fail "the admin's token did not last to the end: the test saw too little"
    served_stop "$data"
    return "$failed"
}
