# Pictures of the window, drawn without a display. Sourced by scripts/pictures, after its folder $work has a virtual environment with pillow.

# window_pictures HAMLET FOLDER: all of them, into docs/images.
window_pictures() {
    local hamlet=$1 folder=$2
    window_village "$hamlet" "$folder/day" 2026-02-01T10:20:00Z
    window_live 240
    window_picture town 1400x860
    window_picture close 1400x860 --zoom 34 --select "$window_someone" --panel inspector
    window_picture closest 1400x860 --zoom 17 --select "$window_someone" --panel talk
    window_picture board 1400x860 --zoom 48 --select "$window_someone" --panel board --light
    window_picture admin 1400x860 --panel admin
    window_end
    window_village "$hamlet" "$folder/night" 2026-02-01T21:10:00Z
    window_live 120
    window_picture night 1400x860
    window_end
    "$hamlet" run scenarios/town.toml --ticks 6000 --out "$folder/run" >/dev/null
    window_replay "$hamlet" "$folder/run/journal.hj" 3300
    window_picture replay 1400x860 --zoom 60 --panel charts
    window_end
}

# window_village HAMLET DATA START: a town whose first tick is at START, with an admin whose token is in $window_token.
window_village() {
    window_serve "$1" "$2" serve --listen 127.0.0.1:0 --data "$2" --set "time.start=\"$3\""
    printf 'only-for-this-run' | "$1" admin create boss --role admin --password-stdin --data "$2" >/dev/null
    window_token=$(window_ask POST /api/v1/auth/login '{"name": "boss", "password": "only-for-this-run"}' 'it["access_token"]')
    window_someone=$(window_ask GET /api/v1/world '' '[a["name"] for a in it["agents"] if a.get("name")][5]')
}

# window_replay HAMLET JOURNAL TICK: a run that is watched again, from a tick on.
window_replay() {
    window_token=
    window_serve "$1" "$2" replay "$2" --view --at "$3" --listen 127.0.0.1:0
}

# window_serve HAMLET NAME ARGUMENT…: serves in the background; the address is in $window_at.
window_serve() {
    local hamlet=$1 name=$2
    shift 2
    window_hamlet=$hamlet
    env -u DISPLAY -u WAYLAND_DISPLAY "$hamlet" "$@" >"$name.out" 2>"$name.err" &
    window_process=$!
    trap 'window_end; rm -rf "$work"' EXIT
    for _ in {1..600}; do
        window_at=$(sed -n 's/.* on \(http:.*\)$/\1/p' "$name.out" | head -n 1)
        [[ -z $window_at ]] || return 0
        kill -0 "$window_process" || break
        sleep 0.1
    done
    cat "$name.err" >&2
    return 1
}

window_end() {
    [[ -z ${window_process:-} ]] || kill "$window_process" 2>/dev/null || true
    window_process=
}

# window_live TICKS: waits until the town has lived so many, fast.
window_live() {
    window_ask POST /api/v1/world/time "{\"action\": \"step\", \"ticks\": $1}" 'it["tick"]' >/dev/null
    window_ask POST /api/v1/world/time '{"action": "resume"}' 'it["tick"]' >/dev/null
}

# window_ask METHOD PATH BODY EXPRESSION: what the expression makes of the answer, which is `it`.
window_ask() {
    python3 -c '
import json, sys, urllib.request
method, url, body, token, expression = sys.argv[1:]
headers = {"Content-Type": "application/json"}
if token:
    headers["Authorization"] = "Bearer " + token
request = urllib.request.Request(url, body.encode() or None, headers, method=method)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
it = json.load(opener.open(request, timeout=60))
print(eval(expression))
' "$1" "$window_at$2" "$3" "${window_token:-}" "$4"
}

# window_picture NAME SIZE ARGUMENT…: docs/images/window-NAME.png, with few colours, for a README is downloaded often.
window_picture() {
    local name=$1 size=$2 raw=$work/$1.png
    shift 2
    local colours=(--dark)
    [[ " $* " != *" --light "* ]] || colours=()
    HAMLET_TOKEN=$window_token "$window_hamlet" view --connect "$window_at" --headless --screenshot "$raw" --frames 150 --size "$size" "${colours[@]}" "$@" 2>"$work/view.err" ||
        { cat "$work/view.err" >&2 && return 1; }
    "$work/venv/bin/python" -c '
import sys
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
' "$raw" "docs/images/window-$name.png"
}
