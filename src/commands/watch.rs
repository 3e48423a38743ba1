//! `hamlet replay JOURNAL --view`: a run that is watched again, over the API on this machine and in a window where there is a display.

use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use hamlet_api::config::ApiConfig;
use hamlet_api::files::{FileStore, FilesPlace};
use hamlet_api::identity::{owner_of_machine, token_of};
use hamlet_api::metrics::Metrics;
use hamlet_api::server::{Doors, serve};
use hamlet_api::state::App;
use hamlet_api::time::{Clock, SystemClock};
use hamlet_api::village::{Watch, rerun};
use hamlet_sim::bridge::Pace;
use hamlet_sim::journal::JournalReader;
use hamlet_store::{Durability, Store, StoreOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{open_file, say};
use crate::cli::ReplayArgs;
use crate::serve::{Company, Mint, Opened, Shipped, quiet_logs, signal};

/// Opens a window on the run, or serves it where there is no display.
pub(crate) fn watch(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    quiet_logs()?;
    #[cfg(feature = "viewer")]
    if hamlet_viewer::has_display() {
        let args = args.clone();
        return super::view::beside("hamlet-replay", move |company| play(&args, Some(company)));
    }
    play(args, None)?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the run until whoever watches has left.
fn play(args: &ReplayArgs, company: Option<Company>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    runtime.block_on(play_in(args, company))
}

async fn play_in(args: &ReplayArgs, company: Option<Company>) -> anyhow::Result<()> {
    let name = args.journal.display();
    let file = open_file(&args.journal, "the journal", "journal.hj")?;
    let journal: JournalReader<BufReader<File>> =
        JournalReader::open(BufReader::new(file)).with_context(|| format!("the journal {name}"))?;
    let listener = TcpListener::bind(args.listen).await.with_context(|| {
        format!(
            "{} cannot be listened on; choose another address with --listen",
            args.listen
        )
    })?;
    let address = listener.local_addr().context("the socket has no address")?;
    // Old texts and searches want a database; it is gone with the window.
    let folder = tempfile::tempdir().context("there is no room for a temporary folder")?;
    let url = format!("sqlite://{}", folder.path().join("replay.db").display());
    let options = StoreOptions {
        durability: Durability::Normal,
        ..StoreOptions::default()
    };
    let store = Store::open(&url, options).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let owner = owner_of_machine(clock.now_ms());
    let account = owner.id;
    let run = rerun(
        journal,
        Watch {
            store: store.clone(),
            threads: usize::from(args.threads),
            owner,
            clock,
        },
    )
    .await
    .with_context(|| format!("the journal {name}"))?;
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|why| anyhow!("the system gives no chance: {why}"))?;
    let config = ApiConfig {
        data: folder.path().to_owned(),
        registration: false,
        ..ApiConfig::default()
    };
    let app = App::of(
        &run,
        config,
        store.clone(),
        Arc::new(Metrics::default()),
        FileStore::open(&FilesPlace::Folder, folder.path())?,
        Arc::new(Shipped),
        &secret,
    );
    let doors = Doors::closed();
    doors.open(&app);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, doors, async {
        // Dropped or sent: both mean the end.
        stopped.await.ok();
    }));
    say(&format!("replaying {name} on http://{address}"));
    if let Some(tick) = args.at {
        run.steering.seek(tick).map_err(|why| anyhow!(why.detail))?;
    }
    match company {
        Some(Company { ready, leave }) => {
            let tokens = app.clone();
            let mint: Mint = Arc::new(move || token_of(&tokens, account).ok());
            let opened = Opened {
                url: format!("http://{address}"),
                mint: Some(mint),
            };
            // Dropped: then they have left already.
            drop(ready.send(opened));
            tokio::select! {
                _left = leave => {}
                () = signal() => {}
            }
        }
        None => {
            if args.at.is_none() {
                // Nobody is there to press a button.
                let hz = run.scenario.time.tick_hz;
                let pace = Pace::Realtime { hz };
                run.steering.pace(pace).map_err(|why| anyhow!(why.detail))?;
            }
            signal().await;
        }
    }
    drop(stop);
    let (served, ()) = tokio::join!(serving, app.hub.close());
    served.context("serving panicked; please report this")?;
    drop(app);
    tokio::task::spawn_blocking(move || run.stop())
        .await
        .context("the replay panicked; please report this")?;
    store.close().await;
    Ok(())
}
