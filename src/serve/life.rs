//! From the first line to the last: bind, recover, serve, end.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
#[cfg(unix)]
use hamlet_api::auth::Passwords;
#[cfg(unix)]
use hamlet_api::control::{Office, SOCKET, listen, note_place};
use hamlet_api::files::FileStore;
use hamlet_api::identity::{first_admin_ticket, local_owner, token_of};
use hamlet_api::metrics::Metrics;
use hamlet_api::server::{Doors, serve};
use hamlet_api::state::{App, Assets};
use hamlet_api::time::SystemClock;
use hamlet_api::village::{Boot, Booted, boot};
use hamlet_api::webhooks::deliver;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::scenario::{Scenario, Stop};
use hamlet_sim::files::Files;
use hamlet_sim::scenario::{self, Overrides};
use hamlet_store::{Store, StoreOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::config::Config;
use super::data::DataFolder;
use super::logs;
use crate::commands::{refuse, say, say_faults};
use crate::library::Library;
use crate::minds::{Served, keep_spent};

/// The scenario of a new world where none is named.
const TOWN: &str = "scenarios/town.toml";

/// Exit status of a server that was told twice to end.
const ENDED_AT_ONCE: i32 = 130;

/// Somebody of the same process who looks on: a window.
pub(crate) struct Company {
    /// Hears once that the village lives.
    pub(crate) ready: oneshot::Sender<Opened>,
    /// The village ends when this is sent or dropped.
    pub(crate) leave: oneshot::Receiver<()>,
}

/// A village that lives.
#[cfg_attr(
    not(feature = "viewer"),
    allow(dead_code, reason = "a window alone asks for these")
)]
pub(crate) struct Opened {
    /// Its address on this machine.
    pub(crate) url: String,
    /// Gives tokens of whoever sits at the machine; `None` when they cannot be signed in.
    pub(crate) mint: Option<Mint>,
}

/// Gives a token, while its owner may come in.
pub(crate) type Mint = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// Serves a village until it is told to stop. `scenario_set` are fields of the scenario as `--set` gives them; a world that is there already must have come from them.
///
/// # Errors
/// What keeps it from coming to life, or from ending well.
pub(crate) fn live(
    config: &Config,
    scenario_set: &[String],
    company: Option<Company>,
) -> anyhow::Result<()> {
    logs::begin(&config.log)?;
    let folder = DataFolder::take(&config.village.data)?;
    let secret = folder.token_secret()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    runtime.block_on(live_in(config, scenario_set, &secret, company))
}

async fn live_in(
    config: &Config,
    scenario_set: &[String],
    secret: &[u8],
    company: Option<Company>,
) -> anyhow::Result<()> {
    let listen = config.server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("{listen} cannot be listened on; choose another address with --listen, port 0 for any that is free")
    })?;
    let address = listener.local_addr().context("the socket has no address")?;
    let doors = Doors::closed();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, doors.clone(), async {
        // Dropped or sent: both mean the end.
        stopped.await.ok();
    }));
    let signal = signal();
    let mut signal = std::pin::pin!(signal);
    let metrics = Arc::new(Metrics::default());
    let served = Served::of(config);
    let coming = async {
        let store = Store::open(&config.database_url(), store_options(config)).await?;
        let booted = come_to_life(config, scenario_set, &store, &metrics, &served).await?;
        anyhow::Ok((store, booted))
    };
    let (store, booted) = tokio::select! {
        came = coming => came?,
        () = &mut signal => bail!("stopped before the village had come to life; nothing is lost"),
    };
    let app = App::of(
        &booted,
        config.api(),
        store,
        metrics,
        FileStore::open(&config.files.place()?, &config.village.data)?,
        Arc::new(Shipped),
        secret,
    );
    let url = config
        .server
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let courier = tokio::spawn(deliver(app.clone()));
    served.begin(&app, booted.minds_attached).await?;
    let orders = take_orders(config, &app, url.clone());
    doors.open(&app);
    say(&format!("listening on http://{address}"));
    let left = welcome(&app, &url, address, company).await;
    tokio::select! {
        () = &mut signal => {
            tracing::info!("stopping: what was taken in is finished first; a second signal ends at once");
            tokio::spawn(end_at_once());
        }
        () = left => tracing::info!("the window is closed: what was taken in is finished first"),
        () = over(&app) => {}
    }
    // Requests and sockets end first, then the village: what they are told is on disk.
    drop(stop);
    let (served, ()) = tokio::join!(serving, app.hub.close());
    served.context("serving panicked; please report this")?;
    courier.abort();
    keep_spent(&app).await;
    let reason = match &*app.published.health() {
        hamlet_api::village::Health::Stopped { reason } => Some(reason.clone()),
        _ => None,
    };
    if let Some((orders, socket)) = orders {
        orders.abort();
        // The next start clears it away as well.
        drop(std::fs::remove_file(socket));
    }
    drop(app);
    booted.stop().await?;
    match reason {
        Some(reason) => Err(anyhow!("the village has stopped: {reason}")),
        None => Ok(()),
    }
}

/// Listens to the owner's orders, where the system has such sockets.
#[cfg(unix)]
fn take_orders(
    config: &Config,
    app: &App,
    url: String,
) -> Option<(tokio::task::JoinHandle<()>, PathBuf)> {
    let office = Arc::new(Office {
        desk: app.desk.clone(),
        published: Arc::clone(&app.published),
        store: app.store.clone(),
        passwords: Passwords::new(&app.config),
        clock: Arc::clone(&app.clock),
        files: Some(app.files.clone()),
        data: config.village.data.clone(),
        url,
        tempo: Some(Arc::clone(&app.tempo)),
    });
    let socket = config.village.data.join(SOCKET);
    note_place(&app.desk, &config.village.data, &socket);
    let path = socket.clone();
    let task = tokio::spawn(async move {
        if let Err(why) = listen(&path, office).await {
            tracing::warn!(%why, path = %path.display(), "orders of `hamlet admin` cannot be heard; it works while the village rests");
        }
    });
    Some((task, socket))
}

#[cfg(not(unix))]
fn take_orders(
    _config: &Config,
    _app: &App,
    _url: String,
) -> Option<(tokio::task::JoinHandle<()>, PathBuf)> {
    None
}

/// Lets in whoever looks on from the same process, or prints the way in for the first admin. Ready when they have left.
async fn welcome(
    app: &App,
    url: &str,
    address: SocketAddr,
    company: Option<Company>,
) -> impl Future<Output = ()> + use<> {
    let leave = match company {
        None => {
            invite_admin(app, url).await;
            None
        }
        Some(Company { ready, leave }) => {
            let opened = Opened {
                url: format!("http://{}", reachable(address)),
                mint: mint(app).await,
            };
            // Dropped: then they have left already.
            drop(ready.send(opened));
            Some(leave)
        }
    };
    async move {
        match leave {
            // Sent or dropped: both mean that they have left.
            Some(leave) => drop(leave.await),
            None => std::future::pending().await,
        }
    }
}

/// Signs in whoever sits at the machine.
async fn mint(app: &App) -> Option<Mint> {
    match local_owner(app).await {
        Ok(account) => {
            let app = app.clone();
            Some(Arc::new(move || token_of(&app, account).ok()))
        }
        Err(why) => {
            tracing::warn!(%why, "the window cannot be signed in; `hamlet admin create NAME --role admin` makes an admin");
            None
        }
    }
}

/// An address that this machine reaches itself by.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Prints the one-time link by which the first admin comes in, while there is none.
async fn invite_admin(app: &App, url: &str) {
    match first_admin_ticket(&app.desk).await {
        Ok(Some(secret)) => say(&format!(
            "no admin yet: whoever opens {url}/setup/{} becomes the first; the link is good once, for a week or until the next start",
            secret.tell()
        )),
        Ok(None) => {}
        Err(why) => {
            tracing::warn!(%why, "the link for the first admin could not be made; use `hamlet admin create NAME --role admin`");
        }
    }
}

async fn come_to_life(
    config: &Config,
    scenario_set: &[String],
    store: &Store,
    metrics: &Arc<Metrics>,
    served: &Served,
) -> anyhow::Result<Booted> {
    let named = config.village.scenario.as_deref();
    let booted = boot(Boot {
        store: store.clone(),
        scenario: load(named.unwrap_or(Path::new(TOWN)), scenario_set)?,
        must_match: named.is_some() || !scenario_set.is_empty(),
        threads: threads(config),
        pace: None,
        hash_every_ticks: config.village.hash_every_ticks,
        image_every: Duration::from_secs(config.village.image_every_secs),
        keep: config.keep(),
        clock: Arc::new(SystemClock),
        metrics: Arc::clone(metrics),
        thoughts: served.questions.clone(),
    })
    .await?;
    Ok(booted)
}

fn load(path: &Path, set: &[String]) -> anyhow::Result<(Scenario, TownMap)> {
    let overrides = Overrides {
        set: set.to_vec(),
        ..Overrides::default()
    };
    let loaded = scenario::load(path, &Library, &overrides).map_err(|faults| refuse(&faults))?;
    say_faults(&loaded.warnings);
    // A village that is served lives on; where a run ends is for runs.
    let scenario = Scenario {
        stop: Stop::default(),
        ..loaded.scenario
    };
    Ok((scenario, loaded.map))
}

fn store_options(config: &Config) -> StoreOptions {
    StoreOptions {
        durability: config.database.durability.into(),
        ..StoreOptions::default()
    }
}

fn threads(config: &Config) -> usize {
    match config.village.threads {
        0 => std::thread::available_parallelism().map_or(1, |cores| cores.get().min(16)),
        threads => threads,
    }
}

/// Ready when the village has stopped by itself.
async fn over(app: &App) {
    let mut beats = app.published.listen();
    loop {
        if matches!(
            *app.published.health(),
            hamlet_api::village::Health::Stopped { .. }
        ) {
            return;
        }
        let next = tokio::time::timeout(Duration::from_secs(1), beats.recv()).await;
        if matches!(
            next,
            Ok(Err(tokio::sync::broadcast::error::RecvError::Closed))
        ) {
            return;
        }
    }
}

/// Ends the process at the next signal, as a kill would: the journal bears that.
async fn end_at_once() {
    signal().await;
    tracing::warn!("ended at once; the next start runs the journal again");
    std::process::exit(ENDED_AT_ONCE);
}

/// Ready at Ctrl-C or SIGTERM.
pub(crate) async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Where nobody can listen, the village goes on until it is killed; its journal bears that.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Tilesets and sprites, from the disk or the binary.
pub(crate) struct Shipped;

impl Assets for Shipped {
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let path = Path::new(path);
        [path.to_owned(), Path::new("assets").join(path)]
            .iter()
            .find_map(|path| Library.read(path).ok())
    }
}
