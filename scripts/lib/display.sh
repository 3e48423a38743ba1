# What tests of the window need: a display in memory, software Vulkan that draws on it, a hand that moves the pointer. Sourced by scripts/test.
# The tests start and end their own displays; nothing runs here.

# display_install: apt-get of the distribution's packages, only where something is missing.
display_install() {
    if command -v Xvfb >/dev/null && command -v xdotool >/dev/null && display_vulkan; then
        return
    fi
    if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "Xvfb, xdotool or a Vulkan driver is missing: install your distribution's packages (Debian: apt-get install xvfb xdotool mesa-vulkan-drivers)" >&2
        return 1
    fi
    echo "Xvfb, xdotool or a Vulkan driver is missing: installing the distribution's packages"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends xvfb xdotool mesa-vulkan-drivers libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2 >/dev/null
}

# display_vulkan: whether a Vulkan driver has registered itself.
display_vulkan() {
    local file
    for file in /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json /usr/local/share/vulkan/icd.d/*.json; do
        [[ -e $file ]] && return
    done
    return 1
}
