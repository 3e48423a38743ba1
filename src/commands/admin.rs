//! `hamlet admin`: what the village's owner orders, while it is served or while it rests.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use hamlet_api::auth::Passwords;
#[cfg(unix)]
use hamlet_api::control::SOCKET;
use hamlet_api::control::{
    FOLDER_SETTING, Office, Order, SOCKET_SETTING, export_journal, restore, restore_on_postgres,
};
use hamlet_api::files::{FileStore, private_file};
use hamlet_api::time::SystemClock;
use hamlet_api::village::Cold;
use hamlet_store::{Store, StoreError, StoreKind, StoreOptions};
use serde_json::Value;

use super::{say, say_err};
use crate::cli::{AdminArgs, AdminCommand, JournalCommand, PlaceArgs};
use crate::serve::{Config, ConfigSources, DataFolder};

pub(crate) fn admin(args: &AdminArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(&sources(&args.place))?;
    let place = Place::of(&args.place, &config);
    match &args.command {
        AdminCommand::Restore { file } => put_back(&config, &place, file)?,
        AdminCommand::Reset { yes } => reset(&config, &place, *yes)?,
        AdminCommand::Journal {
            command: JournalCommand::Export { file },
        } => export(&config, &place, file)?,
        command => {
            let done = carry_out(&config, &place, order(command, &config)?)?;
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

/// Where the village is that is meant, beside its database.
struct Place {
    /// Its folder; `None` where the database alone was named and its folder is not on this machine.
    folder: Option<PathBuf>,
    /// Where its server listens, if one runs.
    #[cfg(unix)]
    socket: Option<PathBuf>,
}

impl Place {
    /// Whoever names the database alone means the folder that its server had last: the usual one may have another village.
    fn of(args: &PlaceArgs, config: &Config) -> Self {
        if args.db.is_none() || args.data.is_some() {
            return Self {
                folder: Some(config.village.data.clone()),
                #[cfg(unix)]
                socket: Some(config.village.data.join(SOCKET)),
            };
        }
        // What keeps it from being read is said by whatever is done with it next.
        let known = known_places(config).unwrap_or_default();
        Self {
            folder: known.folder.filter(|folder| folder.is_dir()),
            #[cfg(unix)]
            socket: known.socket,
        }
    }
}

/// What a database says of its server's places.
#[derive(Default)]
struct KnownPlaces {
    folder: Option<PathBuf>,
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no such sockets"))]
    socket: Option<PathBuf>,
}

fn known_places(config: &Config) -> anyhow::Result<KnownPlaces> {
    runtime()?.block_on(async {
        let store = look(config).await?;
        let folder = store.setting(FOLDER_SETTING).await?.map(PathBuf::from);
        let socket = store.setting(SOCKET_SETTING).await?.map(PathBuf::from);
        store.close().await;
        Ok(KnownPlaces { folder, socket })
    })
}

/// Gives an order to the server, or carries it out on the books where none runs.
fn carry_out(config: &Config, place: &Place, order: Order) -> anyhow::Result<Value> {
    #[cfg(unix)]
    if let Some(socket) = &place.socket {
        let answer = hamlet_api::control::ask(socket, &order)
            .with_context(|| format!("the server at {} does not answer", socket.display()))?;
        if let Some(answer) = answer {
            return answer.map_err(|refused| anyhow!(refused));
        }
    }
    on_the_books(config, place, |office| async move {
        office.carry_out(order).await
    })
}

fn on_the_books<F>(
    config: &Config,
    place: &Place,
    work: impl FnOnce(Arc<Office>) -> F,
) -> anyhow::Result<Value>
where
    F: Future<Output = Result<Value, hamlet_api::problem::Problem>>,
{
    there(config)?;
    let _folder = place.folder.as_deref().map(DataFolder::take).transpose()?;
    let data = place.folder.as_deref();
    let files = data.map(|data| anyhow::Ok(FileStore::open(&config.files.place()?, data)?));
    let files = files.transpose()?;
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
            files,
            data: data.unwrap_or(&config.village.data).to_owned(),
            url: config.url(),
            tempo: None,
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
    bail!("{}", no_village(&config.village.data.display().to_string()));
}

/// Writes into the audit log what was done without the village. That it cannot be written there undoes nothing.
fn note(config: &Config, place: &Place, order: Order) {
    if let Err(why) = carry_out(config, place, order) {
        say_err(&format!("note: the audit log does not have this: {why:#}"));
    }
}

fn put_back(config: &Config, place: &Place, file: &Path) -> anyhow::Result<()> {
    let url = config.database_url();
    let on_postgres = Store::file_of(&url)?.is_none();
    if !on_postgres && config.database.url.is_some() {
        bail!(
            "a backup of a village in a file is restored into a folder: name it with --data alone"
        );
    }
    let Some(data) = &place.folder else {
        bail!("name the folder for the village's pictures and its key with --data");
    };
    let folder = DataFolder::take(data)?;
    if on_postgres {
        runtime()?.block_on(restore_on_postgres(file, data, &url))?;
    } else {
        restore(file, data)?;
    }
    drop(folder);
    let file = std::path::absolute(file).context("the backup's path makes no sense")?;
    note(config, place, Order::Restored { file });
    let flag = if on_postgres { " --db URL" } else { "" };
    say(&format!(
        "restored into {}; start it with `hamlet serve --data {}{flag}`",
        data.display(),
        data.display()
    ));
    Ok(())
}

/// Ends a village: its database, and what its folder holds of it.
fn reset(config: &Config, place: &Place, yes: bool) -> anyhow::Result<()> {
    let url = config.database_url();
    let name = Store::name_of(&url)?;
    let file = Store::file_of(&url)?;
    if file.as_deref().is_some_and(|file| !file.exists()) {
        bail!("{}", no_village(&name));
    }
    if !yes {
        bail!(
            "this ends the village in {name} for good, with everybody and everything in it; say --yes if you mean it"
        );
    }
    let _folder = place.folder.as_deref().map(DataFolder::take).transpose()?;
    match file {
        Some(file) => end_file(&file, place)?,
        None => end_on_postgres(&url, &name, place)?,
    }
    say(&format!("the village in {name} is no more"));
    Ok(())
}

fn no_village(name: &str) -> String {
    format!("there is no village in {name}; name its folder with --data or its database with --db")
}

fn end_file(database: &Path, place: &Place) -> anyhow::Result<()> {
    // Whoever serves it from another folder holds this one.
    let lock = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(beside(database, ".lock"))
        .with_context(|| database.display().to_string())?;
    if lock.try_lock().is_err() {
        bail!(
            "a server has the village in {}: stop it first",
            database.display()
        );
    }
    clear_folder(place)?;
    for ending in ["", "-wal", "-shm", ".lock"] {
        clear(&beside(database, ending))?;
    }
    Ok(())
}

fn end_on_postgres(url: &str, name: &str, place: &Place) -> anyhow::Result<()> {
    match runtime()?.block_on(Store::erase(url)) {
        Ok(true) => clear_folder(place),
        Ok(false) => bail!("{}", no_village(name)),
        Err(StoreError::InUse) => bail!("a server has the village in {name}: stop it first"),
        Err(why) => Err(why.into()),
    }
}

/// Secrets and pictures, which lie beside the database.
fn clear_folder(place: &Place) -> anyhow::Result<()> {
    let Some(folder) = &place.folder else {
        return Ok(());
    };
    clear(&folder.join("token.key"))?;
    clear(&folder.join("files"))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes a file, or a folder with all that is in it, where it is there.
fn clear(path: &Path) -> anyhow::Result<()> {
    let removed = match path.is_dir() {
        true => std::fs::remove_dir_all(path),
        false => std::fs::remove_file(path),
    };
    match removed {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(source).with_context(|| path.display().to_string())
        }
        _ => Ok(()),
    }
}

/// Reads only, so that it works beside a running server; that it was done is noted as an order is.
fn export(config: &Config, place: &Place, file: &Path) -> anyhow::Result<()> {
    there(config)?;
    let partial = file.with_extension("partial");
    let named = || partial.display().to_string();
    let out = private_file(&partial).with_context(named)?;
    let exported = runtime()?.block_on(async {
        let store = look(config).await?;
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
    let named_file = std::path::absolute(file).context("the file's path makes no sense")?;
    note(config, place, Order::Exported { file: named_file });
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

/// Opens the database as it is, beside a server that may have it.
async fn look(config: &Config) -> anyhow::Result<Store> {
    let options = StoreOptions {
        look: true,
        ..StoreOptions::default()
    };
    Ok(Store::open(&config.database_url(), options).await?)
}
