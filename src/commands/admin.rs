//! `hamlet admin`: what the village's owner orders, while it is served or while it rests.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use hamlet_api::auth::Passwords;
use hamlet_api::control::{Office, Order, SOCKET, export_journal, restore};
use hamlet_api::files::FileStore;
use hamlet_api::time::SystemClock;
use hamlet_api::village::Cold;
use hamlet_store::{Store, StoreKind, StoreOptions};
use serde_json::Value;

use super::{say, say_err};
use crate::cli::{AdminArgs, AdminCommand, JournalCommand, PlaceArgs};
use crate::serve::{Config, ConfigSources, DataFolder};

pub(crate) fn admin(args: &AdminArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(&sources(&args.place))?;
    match &args.command {
        AdminCommand::Restore { file } => put_back(&config, file)?,
        AdminCommand::Reset { yes } => reset(&config, *yes)?,
        AdminCommand::Journal {
            command: JournalCommand::Export { file },
        } => export(&config, file)?,
        command => {
            let done = carry_out(&config, order(command, &config)?)?;
            say(&told(command, &done));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn sources(place: &PlaceArgs) -> ConfigSources {
    ConfigSources {
        file: place.config.clone(),
        db: place.db.clone(),
        data: place.data.clone(),
        ..ConfigSources::default()
    }
}

fn order(command: &AdminCommand, config: &Config) -> anyhow::Result<Order> {
    Ok(match command {
        AdminCommand::Create {
            name,
            role,
            password_stdin,
        } => Order::CreateAccount {
            name: name.clone(),
            role: role.clone(),
            password: password(*password_stdin)?,
        },
        AdminCommand::Role { name, role } => Order::SetRole {
            name: name.clone(),
            role: role.clone(),
        },
        AdminCommand::ResetPassword { name } => Order::ResetPassword { name: name.clone() },
        AdminCommand::Suspend { name, reason } => Order::SuspendAccount {
            name: name.clone(),
            on: true,
            reason: reason.clone(),
        },
        AdminCommand::Unsuspend { name } => Order::SuspendAccount {
            name: name.clone(),
            on: false,
            reason: String::new(),
        },
        AdminCommand::SuspendAgent { agent, reason } => Order::SuspendAgent {
            agent: agent.clone(),
            on: true,
            reason: reason.clone(),
        },
        AdminCommand::UnsuspendAgent { agent } => Order::SuspendAgent {
            agent: agent.clone(),
            on: false,
            reason: String::new(),
        },
        AdminCommand::RevokeKeys { agent } => Order::RevokeKeys {
            agent: agent.clone(),
        },
        AdminCommand::Audit { .. } => Order::VerifyAudit,
        AdminCommand::Ledger { .. } => Order::VerifyLedger,
        AdminCommand::Backup { file } => Order::Backup {
            file: std::path::absolute(file).context("the backup's path makes no sense")?,
        },
        AdminCommand::Prune => Order::Prune {
            images: config.keep().images,
            journal_hours: config.keep().journal_hours,
            events_hours: config.keep().events_hours,
        },
        AdminCommand::Pause => Order::Pause { on: true },
        AdminCommand::Resume => Order::Pause { on: false },
        AdminCommand::Status
        | AdminCommand::Restore { .. }
        | AdminCommand::Reset { .. }
        | AdminCommand::Journal { .. } => Order::Status,
    })
}

/// What came of it, in a line; the status and whatever has more to say as JSON.
fn told(command: &AdminCommand, done: &Value) -> String {
    let text = |key: &str| match &done[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match command {
        AdminCommand::Create { .. } => {
            format!("{} may sign in as {}", text("name"), text("role"))
        }
        AdminCommand::ResetPassword { .. } => format!(
            "the old password is void; {} sets a new one at {}",
            text("name"),
            text("link")
        ),
        AdminCommand::Audit { .. } => format!("verified, {} entries", text("entries")),
        AdminCommand::Ledger { .. } => format!(
            "verified, {} transfers, {} accounts, all balances sum to zero, head {}",
            text("transfers"),
            text("accounts"),
            text("head")
        ),
        AdminCommand::Backup { .. } => format!("{} written, {} bytes", text("file"), text("bytes")),
        AdminCommand::Status => {
            serde_json::to_string_pretty(done).unwrap_or_else(|_| done.to_string())
        }
        _ => done.to_string(),
    }
}

fn password(from_stdin: bool) -> anyhow::Result<String> {
    if !from_stdin {
        bail!(
            "give the password on standard input: printf %s \"$PASSWORD\" | hamlet admin create NAME --password-stdin"
        );
    }
    let mut password = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut password)
        .context("the password cannot be read from standard input")?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

/// Gives an order to the server, or carries it out on the books where none runs.
fn carry_out(config: &Config, order: Order) -> anyhow::Result<Value> {
    #[cfg(unix)]
    {
        let socket = config.village.data.join(SOCKET);
        let answer = hamlet_api::control::ask(&socket, &order)
            .with_context(|| format!("the server at {} does not answer", socket.display()))?;
        if let Some(answer) = answer {
            return answer.map_err(|refused| anyhow!(refused));
        }
    }
    on_the_books(
        config,
        |office| async move { office.carry_out(order).await },
    )
}

fn on_the_books<F>(config: &Config, work: impl FnOnce(Arc<Office>) -> F) -> anyhow::Result<Value>
where
    F: Future<Output = Result<Value, hamlet_api::problem::Problem>>,
{
    there(config)?;
    let _folder = DataFolder::take(&config.village.data)?;
    runtime()?.block_on(async {
        let store = open(config).await?;
        let clock = Arc::new(SystemClock);
        let cold = Cold::open(&store, Arc::clone(&clock) as _).await?;
        let office = Arc::new(Office {
            desk: cold.desk.clone(),
            published: Arc::clone(&cold.published),
            store: store.clone(),
            passwords: Passwords::new(&config.api()),
            clock,
            files: FileStore::open(&config.files.place()?, &config.village.data)?,
            data: config.village.data.clone(),
            url: config.url(),
            hz: None,
        });
        let done = work(Arc::clone(&office)).await;
        drop(office);
        cold.close().await;
        store.close().await;
        done.map_err(|refused| anyhow!("{} {}", refused.detail, refused.hint))
    })
}

/// A village that is not there is not made by asking for it.
fn there(config: &Config) -> anyhow::Result<()> {
    if config.database.url.is_some() || config.village.data.join("village.db").exists() {
        return Ok(());
    }
    bail!(
        "there is no village in {}; name its folder with --data or its database with --db",
        config.village.data.display()
    );
}

fn put_back(config: &Config, file: &Path) -> anyhow::Result<()> {
    if config.database.url.is_some() {
        bail!("a backup is restored into a folder; for PostgreSQL use pg_restore");
    }
    let _folder = DataFolder::take(&config.village.data)?;
    restore(file, &config.village.data)?;
    say(&format!(
        "restored into {}; start it with `hamlet serve --data {}`",
        config.village.data.display(),
        config.village.data.display()
    ));
    Ok(())
}

fn reset(config: &Config, yes: bool) -> anyhow::Result<()> {
    let data = &config.village.data;
    if config
        .database
        .url
        .as_deref()
        .is_some_and(|url| url.starts_with("postgres"))
    {
        bail!("on PostgreSQL, drop the database and create it anew, then start the server");
    }
    there(config)?;
    if !yes {
        bail!(
            "this ends the village in {} for good, with everybody and everything in it; say --yes if you mean it",
            data.display()
        );
    }
    let _folder = DataFolder::take(data)?;
    for name in [
        "village.db",
        "village.db-wal",
        "village.db-shm",
        "village.db.lock",
        "token.key",
    ] {
        let path: PathBuf = data.join(name);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(source).with_context(|| path.display().to_string());
            }
            _ => {}
        }
    }
    say(&format!("the village in {} is no more", data.display()));
    Ok(())
}

/// Reads only, so that it works beside a running server.
fn export(config: &Config, file: &Path) -> anyhow::Result<()> {
    there(config)?;
    let partial = file.with_extension("partial");
    let named = || partial.display().to_string();
    let out = File::create(&partial).with_context(named)?;
    let exported = runtime()?.block_on(async {
        let store = open(config).await?;
        let mut out = BufWriter::new(out);
        let exported = export_journal(&store, &mut out).await;
        out.flush()?;
        anyhow::Ok(exported?)
    });
    let exported = match exported {
        Ok(exported) => exported,
        Err(why) => {
            // What is left of the attempt is of no use.
            drop(std::fs::remove_file(&partial));
            return Err(why);
        }
    };
    std::fs::rename(&partial, file).with_context(named)?;
    say(&format!(
        "{}: ticks {} to {}, state hash {}",
        file.display(),
        exported.from_tick,
        exported.to_tick,
        exported.hash
    ));
    Ok(())
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the system gives no threads")
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    let store = Store::open(&config.database_url(), StoreOptions::default()).await?;
    if store.kind() == StoreKind::Postgres {
        say_err("note: this village is on PostgreSQL");
    }
    Ok(store)
}
