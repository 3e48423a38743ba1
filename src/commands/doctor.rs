//! `hamlet doctor`: what is on, what is off, and why.

use std::process::ExitCode;

use hamlet_agents::config::EndpointConfig;
use hamlet_agents::wire::Wire;
use hamlet_api::control::SOCKET;
use hamlet_store::{SCHEMA, Store, StoreOptions};

use super::say;
use crate::cli::PlaceArgs;
use crate::serve::{Config, ConfigSources};

/// Time that an endpoint of language models has to say what it has.
const PROBE_TIME: std::time::Duration = std::time::Duration::from_secs(3);

/// How one thing stands.
enum Standing {
    /// It works.
    On(String),
    /// It is not there, and need not be.
    Off(String),
    /// It should work and does not; what to do.
    Wrong(String),
}

/// Exit status 0 when nothing is wrong, 1 when something is.
pub(crate) fn doctor(place: &PlaceArgs) -> anyhow::Result<ExitCode> {
    let sources = ConfigSources {
        file: place.config.clone(),
        db: place.db.clone(),
        data: place.data.clone(),
        ..ConfigSources::default()
    };
    let config = match Config::read(&sources) {
        Ok(config) => config,
        Err(why) => {
            say(&format!("wrong  settings   {why:#}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let findings = [
        ("program", program()),
        ("settings", settings(&config)),
        ("folder", folder(&config)),
        ("server", server(&config)),
        ("database", database(&config)),
        ("reading", reading(&config)),
        ("joining", joining(&config)),
        ("links", links(&config)),
        ("e-mail", mail(&config)),
        ("window", window()),
        ("models", models(&config)),
        (
            "tools",
            Standing::Off("this version runs no tools in containers".to_owned()),
        ),
    ];
    let mut code = ExitCode::SUCCESS;
    for (what, standing) in findings {
        let (word, text) = match standing {
            Standing::On(text) => ("on", text),
            Standing::Off(text) => ("off", text),
            Standing::Wrong(text) => {
                code = ExitCode::FAILURE;
                ("wrong", text)
            }
        };
        say(&format!("{word:<6} {what:<10} {text}"));
    }
    Ok(code)
}

/// Whether the endpoints of language models answer, and have the models that they are to have.
fn models(config: &Config) -> Standing {
    if !config.models.is_on() {
        return Standing::Off(
            "no server of language models is named: `llm` minds live by their habits (--llm URL --model NAME)"
                .to_owned(),
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        return Standing::Wrong("the system gives no threads to ask them with".to_owned());
    };
    let mut well = Vec::new();
    for endpoint in &config.models.endpoints {
        match runtime.block_on(probe(endpoint)) {
            Ok(()) => well.push(endpoint.base_url.as_str()),
            Err(why) => return Standing::Wrong(format!("{}: {why}", endpoint.base_url)),
        }
    }
    Standing::On(format!("{} answers", well.join(", ")))
}

async fn probe(endpoint: &EndpointConfig) -> Result<(), String> {
    let access = endpoint
        .access(crate::minds::key_of)
        .map_err(|why| why.to_string())?;
    let wire = Wire::new(access).map_err(|why| why.to_string())?;
    let there = wire
        .models(PROBE_TIME)
        .await
        .map_err(|why| why.to_string())?;
    let wanted = endpoint.model.iter().chain(endpoint.models.values());
    match wanted.into_iter().find(|model| !there.contains(model)) {
        // Some servers do not list what they have.
        Some(model) if !there.is_empty() => Err(format!(
            "it has no model `{model}`, but {}; name one of them",
            there.join(", ")
        )),
        _ => Ok(()),
    }
}

fn program() -> Standing {
    Standing::On(crate::cli::version().to_owned())
}

fn settings(config: &Config) -> Standing {
    Standing::On(format!(
        "listens on {}, settings make sense (`hamlet config` shows them)",
        config.server.listen
    ))
}

/// Whether `hamlet` opens a window here.
#[cfg(feature = "viewer")]
fn window() -> Standing {
    if hamlet_viewer::has_display() {
        return Standing::On(
            "`hamlet` opens one, `hamlet view` one on a village elsewhere".to_owned(),
        );
    }
    Standing::Off(
        "there is no display here: `hamlet` serves; `hamlet view --connect URL` watches it from a machine that has one".to_owned(),
    )
}

/// Whether `hamlet` opens a window here.
#[cfg(not(feature = "viewer"))]
fn window() -> Standing {
    Standing::Off(
        "this program was built without it (`--no-default-features`); watch /api/v1/ws/world"
            .to_owned(),
    )
}

fn folder(config: &Config) -> Standing {
    let data = &config.village.data;
    match std::fs::metadata(data) {
        Err(_) => Standing::Off(format!(
            "{} is not there yet; the first `hamlet serve` makes it",
            data.display()
        )),
        Ok(meta) if !meta.is_dir() => Standing::Wrong(format!(
            "{} is no folder: name another with --data",
            data.display()
        )),
        Ok(meta) => private(&meta, data),
    }
}

#[cfg(unix)]
fn private(meta: &std::fs::Metadata, data: &std::path::Path) -> Standing {
    use std::os::unix::fs::PermissionsExt;
    if meta.permissions().mode() & 0o077 == 0 {
        return Standing::On(format!("{}, for its owner alone", data.display()));
    }
    Standing::Wrong(format!(
        "others can read {}: chmod 700 {}",
        data.display(),
        data.display()
    ))
}

#[cfg(not(unix))]
fn private(_meta: &std::fs::Metadata, data: &std::path::Path) -> Standing {
    Standing::On(data.display().to_string())
}

#[cfg(unix)]
fn server(config: &Config) -> Standing {
    use hamlet_api::control::{Order, ask};
    match ask(&config.village.data.join(SOCKET), &Order::Status) {
        Ok(Some(Ok(status))) => Standing::On(format!(
            "runs, {}, tick {}",
            status["health"].as_str().unwrap_or("?"),
            status["tick"]
        )),
        Ok(Some(Err(why))) => Standing::Wrong(why),
        Ok(None) => Standing::Off("none runs on this folder".to_owned()),
        Err(why) => Standing::Wrong(format!("its control socket does not answer: {why}")),
    }
}

#[cfg(not(unix))]
fn server(_config: &Config) -> Standing {
    Standing::Off("this system has no control sockets".to_owned())
}

fn database(config: &Config) -> Standing {
    let file = config.village.data.join("village.db");
    if config.database.url.is_none() && !file.exists() {
        return Standing::Off("SQLite in the folder, from the first start on".to_owned());
    }
    match look_into(config) {
        Ok(faults) if faults.is_empty() => {
            Standing::On(format!("reachable, schema {SCHEMA}, integrity checked"))
        }
        Ok(faults) => Standing::Wrong(format!("{}; restore a backup", faults.join("; "))),
        Err(why) => Standing::Wrong(format!("{why:#}")),
    }
}

fn look_into(config: &Config) -> anyhow::Result<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // As it is: a server that runs must not find it brought up to date under it.
        let options = StoreOptions {
            look: true,
            ..StoreOptions::default()
        };
        let store = Store::open(&config.database_url(), options).await?;
        let faults = store.integrity_check().await;
        store.close().await;
        Ok(faults?)
    })
}

fn reading(config: &Config) -> Standing {
    match config.identity.anonymous_read {
        true => Standing::On("anybody reads what is public".to_owned()),
        false => Standing::Off("reading takes a key: identity.anonymous_read = false".to_owned()),
    }
}

fn joining(config: &Config) -> Standing {
    match config.identity.registration {
        true => Standing::On(format!(
            "anybody may register, {} a minute and {} a day from one address",
            config.limits.registrations_per_min, config.limits.registrations_per_day
        )),
        false => Standing::Off("nobody may register: identity.registration = false".to_owned()),
    }
}

fn mail(config: &Config) -> Standing {
    if config.api().smtp.is_some() {
        return Standing::On("claim links are sent by the mail server of [smtp]".to_owned());
    }
    Standing::Off(
        "claim links are shown instead; [smtp] in hamlet.toml names a mail server".to_owned(),
    )
}

fn links(config: &Config) -> Standing {
    let local = config.server.listen.ip().is_loopback();
    match &config.server.public_url {
        Some(url) if url.starts_with("https://") || local => Standing::On(url.clone()),
        Some(url) => Standing::Wrong(format!("{url} has no TLS: keys would travel in the clear; put a proxy with TLS in front")),
        None if local => Standing::On("this machine alone reaches it".to_owned()),
        None => Standing::Wrong("others reach this server, but links would name its bare address: set server.public_url".to_owned()),
    }
}
