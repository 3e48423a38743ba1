//! What one can type.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hamlet_protocol::scenario::TICKS_MAX;

/// Largest seed: what TOML can write, too.
const SEED_MAX: u64 = i64::MAX as u64;

/// A deterministic town of agents: run it, watch it, replay it bit for bit.
///
/// Without a command, the default town is served on port 8080 of this machine until Ctrl-C, and lives on where it was at the next start. Where there is a display a window opens on it.
#[derive(Debug, Parser)]
#[command(version = version(), about, max_term_width = 100, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) minds: MindArgs,
    /// Set any setting, or any field of the scenario, as PATH=VALUE with the value in TOML syntax; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

impl Cli {
    /// What is served without a command.
    pub(crate) fn town(&self) -> ServeArgs {
        ServeArgs {
            minds: self.minds.clone(),
            set: self.set.clone(),
            ..ServeArgs::default()
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a village: API and WebSockets
    Serve(ServeArgs),
    /// Open a window on a village that runs
    #[cfg(feature = "viewer")]
    View(ViewArgs),
    /// Run a scenario headless
    Run(RunArgs),
    /// Run a journal again and compare every hash it recorded
    Replay(ReplayArgs),
    /// Check a scenario, map, template, list of personas or settings file and say every fault with its line
    Check(CheckArgs),
    /// Accounts, keys, backups, audit: what the village's owner orders
    Admin(AdminArgs),
    /// Serve a scripted model with OpenAI's wire, for tests and benches
    MockLlm(MockArgs),
    /// Say what is on, what is off, and why
    Doctor(PlaceArgs),
    /// Show the settings that `hamlet serve` would have, with secrets masked
    Config(ServeArgs),
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// Database: `sqlite://FILE` or `postgres://…`; without it a file in the data folder
    #[arg(long, value_name = "URL")]
    pub(crate) db: Option<String>,
    /// Scenario of a new world; a world that is there already must have come from it
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// The village's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Settings file; without it hamlet.toml where it is there
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Set any setting, or any field of the scenario, as PATH=VALUE with the value in TOML syntax; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) minds: MindArgs,
}

/// Who thinks for residents with `mind = "llm"`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct MindArgs {
    /// Server of models that thinks for residents with `mind = "llm"`, such as `http://127.0.0.1:11434/v1`; repeatable. Without one they live by habit
    #[arg(long, value_name = "URL")]
    pub(crate) llm: Vec<String>,
    /// Its model
    #[arg(long, value_name = "NAME", requires = "llm")]
    pub(crate) model: Option<String>,
    /// Dollars that thoughts may cost, earlier lives included; who would pass it lives by habit
    #[arg(long, value_name = "DOLLARS")]
    pub(crate) budget: Option<f64>,
    /// Write all exchanges with models to a new file, without keys
    #[arg(long, value_name = "FILE", conflicts_with = "cassette")]
    pub(crate) record: Option<PathBuf>,
    /// Answers of models that --record wrote down, played back; no server of models is asked
    #[arg(long, value_name = "FILE", conflicts_with = "llm")]
    pub(crate) cassette: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct MockArgs {
    /// Address and port to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub(crate) listen: SocketAddr,
    /// Name of its model; repeatable
    #[arg(long, value_name = "NAME", default_value = "mock")]
    pub(crate) model: Vec<String>,
    /// Who answers: somebody sensible, somebody who obeys every order that anybody wrote, somebody polite, or an echo
    #[arg(long, value_enum, default_value_t = MockBehaviour::Resident)]
    pub(crate) behaviour: MockBehaviour,
    /// Seed of what it answers
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Milliseconds before anything else
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) latency_ms: u64,
    /// Tokens of a prompt it reads in a second where they are not cached; 0: at once
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    pub(crate) read_rate: f64,
    /// Tokens it writes in a second; 0: at once
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    pub(crate) write_rate: f64,
    /// Prefixes that it keeps in its cache
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub(crate) cache: usize,
    /// Requests it works on at once, others wait; 0: all
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) slots: usize,
    /// Longest prompt it takes, in tokens; 0: any
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) context: u64,
    /// The key it wants
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// End after so many answers, as if it were killed; 0: never
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) die_after: u64,
    /// A fault at every N-th request, as KIND=N: error, limit, hang, html, cut, stall, invent, garble, empty or refuse; repeatable. no-schemas=STATUS refuses whatever asks for an answer by a JSON schema
    #[arg(long, value_name = "KIND=N", value_parser = fault)]
    pub(crate) fault: Vec<(String, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MockBehaviour {
    /// Somebody sensible
    Resident,
    /// Somebody who obeys every order that anybody wrote
    Obedient,
    /// Somebody who thanks whoever is near, and has nothing else to say
    Polite,
    /// Somebody who repeats the last words
    Echo,
}

fn fault(text: &str) -> Result<(String, u64), String> {
    const KINDS: [&str; 11] = [
        "error",
        "limit",
        "hang",
        "html",
        "cut",
        "stall",
        "invent",
        "garble",
        "empty",
        "refuse",
        "no-schemas",
    ];
    let parts = text.split_once('=');
    let parts = parts.and_then(|(kind, every)| Some((kind.to_owned(), every.parse().ok()?)));
    parts
        .filter(|(kind, every)| KINDS.contains(&kind.as_str()) && *every > 0)
        .ok_or_else(|| format!("write it like error=10, with one of {}", KINDS.join(", ")))
}

#[cfg(feature = "viewer")]
#[derive(Args, Debug)]
pub(crate) struct ViewArgs {
    /// Address of the village
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) connect: String,
    /// File with the access token or agent's key to come in by; `HAMLET_TOKEN` has the same meaning. Without either one may sign in in the window
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Write a picture of the window and end
    #[arg(long, value_name = "FILE")]
    pub(crate) screenshot: Option<PathBuf>,
    /// Draw so many frames before the picture
    #[arg(long, value_name = "N", default_value_t = 60, requires = "screenshot", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) frames: u32,
    /// Draw without a window: needs no display, only Vulkan
    #[arg(long, requires = "screenshot")]
    pub(crate) headless: bool,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1280x800", value_parser = size)]
    pub(crate) size: (u32, u32),
    /// Select somebody: handle or display name
    #[arg(long, value_name = "NAME")]
    pub(crate) select: Option<String>,
    /// Show a panel: board, inspector, talk, charts, messages or admin
    #[arg(long, value_name = "PANEL", value_parser = panel)]
    pub(crate) panel: Option<hamlet_viewer::PanelName>,
    /// Tiles from left to right, in place of the whole town
    #[arg(long, value_name = "TILES", value_parser = tiles)]
    pub(crate) zoom: Option<f32>,
    /// Light colours in place of those of last time
    #[arg(long, conflicts_with = "dark")]
    pub(crate) light: bool,
    /// Dark colours in place of those of last time
    #[arg(long)]
    pub(crate) dark: bool,
}

#[cfg(feature = "viewer")]
fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = hamlet_viewer::SIDE_MIN..=hamlet_viewer::SIDE_MAX;
    let parts = text.split_once(['x', 'X', '×']);
    let size = parts.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    size.filter(|(w, h)| sides.contains(w) && sides.contains(h))
        .ok_or_else(|| {
            format!(
                "write it like 1280x800, each side {} to {}",
                sides.start(),
                sides.end()
            )
        })
}

#[cfg(feature = "viewer")]
fn panel(text: &str) -> Result<hamlet_viewer::PanelName, String> {
    let mut all = hamlet_viewer::PanelName::ALL.into_iter();
    all.find(|it| it.as_str() == text)
        .ok_or_else(|| "there are board, inspector, talk, charts, messages and admin".to_owned())
}

#[cfg(feature = "viewer")]
fn tiles(text: &str) -> Result<f32, String> {
    let tiles = text.parse().ok().filter(|it| (4.0..=4096.0).contains(it));
    tiles.ok_or_else(|| "a number of tiles from 4 to 4096".to_owned())
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// The scenario file; shipped ones are found from any folder
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    pub(crate) scenario: Option<PathBuf>,
    /// Go on from an image instead: with its scenario, seed and rules
    #[arg(long, value_name = "IMAGE")]
    pub(crate) from: Option<PathBuf>,
    /// Run this many ticks, whatever the scenario's `stop` says
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=TICKS_MAX))]
    pub(crate) ticks: Option<u64>,
    /// Seed of every chance in the run (0 to 2^63-1)
    #[arg(long, value_name = "S", allow_negative_numbers = true, conflicts_with = "from", value_parser = clap::value_parser!(u64).range(0..=SEED_MAX))]
    pub(crate) seed: Option<u64>,
    /// Write series, events, journal, image, summary and report into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace what an earlier run left in the output folder
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Write both tables as CSV too
    #[arg(long, requires = "out")]
    pub(crate) csv: bool,
    /// How fast ticks follow each other; without it lockstep where language models think, else fast
    #[arg(long, value_enum)]
    pub(crate) pace: Option<PaceArg>,
    #[command(flatten)]
    pub(crate) minds: MindArgs,
    /// Settings file with a `[models]` table; without it hamlet.toml where it is there
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Set any field of the scenario, or of the settings' `models`, as PATH=VALUE with the value in TOML syntax; repeatable. With --from: fields of `rules`, `outputs` and `stop`
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Threads that may help inside a tick; the result does not depend on it
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaceArg {
    /// As fast as the machine can
    Fast,
    /// At the scenario's `time.tick_hz`
    Realtime,
    /// As fast as thoughts allow, each effective at exactly its tick; without language models the same as fast
    Lockstep,
}

impl PaceArg {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Realtime => "realtime",
            Self::Lockstep => "lockstep",
        }
    }
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ReplayArgs {
    /// The journal a run wrote
    pub(crate) journal: PathBuf,
    /// Compare every recorded hash, to the end: exit 0 when all agree, 1 at the first that does not, 2 when the journal is cut off
    #[arg(long)]
    pub(crate) verify: bool,
    /// Stop after this tick
    #[arg(long, value_name = "T")]
    pub(crate) until: Option<u64>,
    /// Write an image of the world after this tick, the base of a fork
    #[arg(long, value_name = "T", requires = "output")]
    pub(crate) image_at: Option<u64>,
    /// Where the image goes
    #[arg(short, long, value_name = "FILE", requires = "image_at")]
    pub(crate) output: Option<PathBuf>,
    /// Watch it: in a window where there is a display, else over the API on this machine; forwards, backwards, at any speed
    #[arg(long, conflicts_with_all = ["verify", "until", "image_at"])]
    pub(crate) view: bool,
    /// Begin to watch at this tick
    #[arg(long, value_name = "T", requires = "view")]
    pub(crate) at: Option<u64>,
    /// Where the API listens while one watches
    #[arg(
        long,
        value_name = "ADDR",
        requires = "view",
        default_value = "127.0.0.1:0"
    )]
    pub(crate) listen: SocketAddr,
    /// Threads that may help inside a tick
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: u16,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Scenarios, maps, templates or personas; files, or folders of mazes and personas
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct AdminArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(subcommand)]
    pub(crate) command: AdminCommand,
}

/// Which village is meant.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PlaceArgs {
    /// The village's folder
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// Its database, where that is not in the folder
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) db: Option<String>,
    /// Settings file; without it hamlet.toml where it is there
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Say how the village is
    Status,
    /// Make an account
    Create {
        /// Its name
        name: String,
        /// human, moderator or admin
        #[arg(long, default_value = "human")]
        role: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give an account another role
    Role {
        /// Whose
        name: String,
        /// human, moderator or admin
        role: String,
    },
    /// Void a password and print a one-time link to set another
    ResetPassword {
        /// Whose
        name: String,
    },
    /// Cut a person off at once
    Suspend {
        /// Whom
        name: String,
        /// Why; kept in the audit log
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let a person in again
    Unsuspend {
        /// Whom
        name: String,
    },
    /// Cut an agent off at once
    SuspendAgent {
        /// Id or name
        agent: String,
        /// Why; kept in the audit log
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let an agent in again
    UnsuspendAgent {
        /// Id or name
        agent: String,
    },
    /// Void all keys of an agent
    RevokeKeys {
        /// Id or name
        agent: String,
    },
    /// Check the audit log
    Audit {
        /// Follow its chain of hashes from the first entry
        #[arg(long, required = true)]
        verify: bool,
    },
    /// Check the ledger
    Ledger {
        /// Follow its chain of hashes from the first entry, and sum up all balances
        #[arg(long, required = true)]
        verify: bool,
    },
    /// The journal of a village that is served
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// Write everything into one file, while the village lives or rests
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Put a backup into an empty folder, and into an empty database where the village was on PostgreSQL
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Delete what is older than the settings keep
    Prune,
    /// Stop time; reading goes on
    Pause,
    /// Let time go on
    Resume,
    /// End the village for good
    Reset {
        /// I mean it
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Write it as a file for `hamlet replay`, from the oldest image that is kept
    Export {
        /// The new file
        file: PathBuf,
    },
}

fn default_threads() -> u16 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(16) as u16)
}

/// Version of the program and of everything it writes.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let rules = hamlet_protocol::RULES_VERSION;
        let image = hamlet_protocol::image::IMAGE_FORMAT;
        let schema = hamlet_store::SCHEMA;
        format!(
            "{} (rules {rules}, image format {image}, schema {schema})",
            env!("CARGO_PKG_VERSION")
        )
    });
    &VERSION
}
