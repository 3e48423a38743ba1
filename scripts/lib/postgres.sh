# A private PostgreSQL server for tests: its own data folder, a Unix socket that nobody else reaches, no port. Sourced by scripts/test and scripts/with-postgres.
# The address goes into HAMLET_TEST_POSTGRES; the tests make databases of their own in it.

# postgres_install: apt-get of the distribution's package, only where the program is missing.
postgres_install() {
    if postgres_bin >/dev/null; then
        return
    fi
    if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "PostgreSQL 14 or later is missing: install your distribution's package (Debian: apt-get install postgresql)" >&2
        return 1
    fi
    echo "PostgreSQL is missing: installing the distribution's package"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
}

# postgres_bin: prints the folder of the server's programs, the newest there is.
postgres_bin() {
    local candidate found=
    for candidate in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin; do
        [[ -x $candidate/initdb ]] && found=$candidate
    done
    if [[ -z $found ]] && command -v initdb >/dev/null; then
        found=$(dirname "$(command -v initdb)")
    fi
    [[ -n $found ]] && printf '%s\n' "$found"
}

# as_postgres COMMAND…: the server refuses to run as root.
as_postgres() {
    if [[ $EUID == 0 ]]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

# postgres_start FOLDER: starts a server in this new folder. Call `postgres_stop FOLDER` whatever came of it.
# Nothing here has to outlive the machine, so it does not wait for the disk unless HAMLET_POSTGRES_FSYNC=on: benches want that.
postgres_start() {
    local folder=$1 bin
    bin=$(postgres_bin) || return
    if [[ $EUID == 0 ]]; then
        chown postgres "$folder" || return
    fi
    chmod 700 "$folder" || return
    (
        # The folder we stand in may be closed to that user.
        cd / &&
            as_postgres "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C -N >"$folder.log" 2>&1 &&
            as_postgres "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" start \
                -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=${HAMLET_POSTGRES_FSYNC:-off} -c max_connections=200" \
                >>"$folder.log" 2>&1
    )
    local status=$?
    if [[ $status != 0 ]]; then
        echo "PostgreSQL did not start:" >&2
        tail -n 20 "$folder.log" "$folder/server.log" >&2
        return "$status"
    fi
    export HAMLET_TEST_POSTGRES="postgres://postgres@localhost/postgres?host=$folder"
}

# postgres_stop FOLDER: ends that one server, at once, and removes its folder.
postgres_stop() {
    local folder=$1 bin
    if [[ -s $folder/data/postmaster.pid ]] && bin=$(postgres_bin); then
        (cd / && as_postgres "$bin/pg_ctl" -D "$folder/data" -w -t 60 -m immediate stop >/dev/null)
    fi
    rm -rf "$folder" "$folder.log"
}

# postgres_folder: a new folder with a short name, for the path of a socket is limited to some hundred characters.
postgres_folder() { mktemp -d /tmp/hamlet-pg.XXXXXX; }
