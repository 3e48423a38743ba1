//! `hamlet view`, and `hamlet` with a window on its own village.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, anyhow};
use hamlet_viewer::{Pass, Shot, ViewOptions};
use tokio::sync::oneshot;

use super::say_err;
use super::serve::{of_scenario, sources};
use crate::cli::{ServeArgs, ViewArgs};
use crate::serve::{Company, Config, Opened, live};

/// The file in which a window says what it shows; for tests.
const STATUS: &str = "HAMLET_VIEW_STATUS";
/// The token to come in by, where no file has it.
const TOKEN: &str = "HAMLET_TOKEN";

/// Opens a window on a village that runs.
pub(crate) fn view(args: &ViewArgs) -> anyhow::Result<ExitCode> {
    hamlet_viewer::run(ViewOptions {
        url: args.connect.clone(),
        pass: pass(args.token_file.as_deref())?,
        shot: args.screenshot.clone().map(|file| Shot {
            file,
            frames: args.frames,
        }),
        headless: args.headless,
        size: args.size,
        select: args.select.clone(),
        panel: args.panel,
        dark: (args.dark || args.light).then_some(args.dark),
        zoom_tiles: args.zoom,
        // A picture shows the same whatever somebody did before.
        remember: args.screenshot.is_none(),
        status: status(),
        closing: None,
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where the window writes what it shows, for tests.
fn status() -> Option<PathBuf> {
    std::env::var_os(STATUS).map(PathBuf::from)
}

fn pass(file: Option<&Path>) -> anyhow::Result<Pass> {
    let token = match file {
        Some(file) => Some(
            std::fs::read_to_string(file)
                .with_context(|| format!("the token in {} cannot be read", file.display()))?,
        ),
        None => std::env::var(TOKEN).ok(),
    };
    let token = token.map(|it| it.trim().to_owned());
    Ok(token
        .filter(|it| !it.is_empty())
        .map_or(Pass::Stranger, Pass::Token))
}

/// Serves a village with a window on it. The window has the main thread, as windows must; when it is closed, the village ends well.
pub(crate) fn both(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(&sources(args))?;
    let set = of_scenario(args);
    beside("hamlet-village", move |company| {
        live(&config, &set, Some(company))
    })
}

/// A window beside something that is served by a thread of its own. When the window is closed, that ends; when that ends, the window does.
pub(super) fn beside(
    name: &str,
    serve: impl FnOnce(Company) -> anyhow::Result<()> + Send + 'static,
) -> anyhow::Result<ExitCode> {
    let (ready, opened) = oneshot::channel();
    let (leave, left) = oneshot::channel::<()>();
    let closing = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&closing);
    let served = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            let company = Company { ready, leave: left };
            let outcome = serve(company);
            ended.store(true, Ordering::Relaxed);
            outcome
        })
        .context("the system gives no thread")?;
    // Without an answer it did not come to life, and says why itself.
    let seen = match opened.blocking_recv() {
        Ok(opened) => hamlet_viewer::run(of(opened, closing)),
        Err(_) => Ok(()),
    };
    let kept = match &seen {
        Ok(()) => {
            drop(leave);
            None
        }
        // What is served does not end with a window that broke: others may be looking on.
        Err(why) => {
            say_err(&format!(
                "error: {why}. The village goes on being served without it; Ctrl-C ends it"
            ));
            Some(leave)
        }
    };
    let outcome = served.join();
    drop(kept);
    outcome.map_err(|_panic| anyhow!("the village panicked; please report this"))??;
    Ok(if seen.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn of(opened: Opened, closing: Arc<AtomicBool>) -> ViewOptions {
    ViewOptions {
        url: opened.url,
        pass: opened.mint.map_or(Pass::Stranger, Pass::Local),
        status: status(),
        closing: Some(closing),
        ..ViewOptions::default()
    }
}
