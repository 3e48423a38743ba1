//! Taking everything along: backups, and the journal as a file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use hamlet_sim::journal::{ImageError, JournalHeader, JournalWriter, StateHash, decode_image};
use hamlet_sim::replay::{ReplayError, Replayer};
use hamlet_sim::{Village, VillageError, VillageOptions};
use hamlet_store::{Store, StoreError, StoreKind};

use crate::files::{file_named, files_in, make_private, private_file};

/// The database's name in a backup and in the village's folder.
const DATABASE: &str = "village.db";
/// What is taken along beside the database.
const BESIDE: [&str; 1] = ["token.key"];
/// Level of compression: fast, and most of what slower ones gain.
const ZSTD_LEVEL: i32 = 3;
/// Frames read at once.
const FRAMES_PAGE: u32 = 256;

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The disk's fault.
    #[error("{}: {source}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What the disk says.
        source: io::Error,
    },
    /// The database's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is there already.
    #[error("{} is there already; choose another name", .0.display())]
    Exists(PathBuf),
    /// The folder has a village already.
    #[error("{} has a village already; restore into a folder of its own, or end that village with `hamlet admin reset`", .0.display())]
    Occupied(PathBuf),
    /// PostgreSQL has its own tool.
    #[error(
        "a village on PostgreSQL is backed up with pg_dump and restored with pg_restore; take token.key of its folder along"
    )]
    Postgres,
    /// The archive is none of ours.
    #[error("{} is no backup of a village: {why}", path.display())]
    NoBackup {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The thread that packs died.
    #[error("packing panicked; please report this")]
    Panicked,
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Disk { path, source }
}

/// Writes a backup of a village, while it lives or rests: database with images and journal, pictures, and secrets. Gives back its bytes.
///
/// # Errors
/// [`BackupError`]; then there is no file.
pub async fn back_up(store: &Store, data: &Path, file: &Path) -> Result<u64, BackupError> {
    if store.kind() == StoreKind::Postgres {
        return Err(BackupError::Postgres);
    }
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let copy = file.with_extension("database.partial");
    remove(&copy)?;
    store.backup_into(&copy).await?;
    let (data, file) = (data.to_owned(), file.to_owned());
    tokio::task::spawn_blocking(move || {
        let packed = pack(&copy, &data, &file);
        remove(&copy)?;
        packed
    })
    .await
    .map_err(|_panic| BackupError::Panicked)?
}

fn pack(database: &Path, data: &Path, file: &Path) -> Result<u64, BackupError> {
    let partial = file.with_extension("partial");
    let out = private_file(&partial).map_err(disk(&partial))?;
    let packed = pack_into(out, database, data).map_err(disk(&partial));
    if packed.is_err() {
        remove(&partial)?;
    }
    packed?;
    fs::rename(&partial, file).map_err(disk(file))?;
    Ok(fs::metadata(file).map_err(disk(file))?.len())
}

fn pack_into(out: File, database: &Path, data: &Path) -> io::Result<()> {
    let packer = zstd::Encoder::new(BufWriter::new(out), ZSTD_LEVEL)?;
    let mut archive = tar::Builder::new(packer);
    archive.append_path_with_name(database, DATABASE)?;
    for name in BESIDE {
        let path = data.join(name);
        if path.exists() {
            archive.append_path_with_name(path, name)?;
        }
    }
    // After the database: whatever it names is there by now. Files never change.
    for name in files_in(data)? {
        archive.append_path_with_name(data.join(&name), name)?;
    }
    let mut out = archive.into_inner()?.finish()?;
    out.flush()?;
    out.into_inner().map_err(io::Error::other)?.sync_all()
}

/// Unpacks a backup into a village's folder, which the caller holds the lock of.
///
/// # Errors
/// [`BackupError`]; a folder that has a village is left as it is.
pub fn restore(file: &Path, data: &Path) -> Result<(), BackupError> {
    if data.join(DATABASE).exists() {
        return Err(BackupError::Occupied(data.to_owned()));
    }
    let no_backup = |source: io::Error| BackupError::NoBackup {
        path: file.to_owned(),
        why: source.to_string(),
    };
    let packed = File::open(file).map_err(disk(file))?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(packed).map_err(no_backup)?);
    let mut found = Vec::new();
    for entry in archive.entries().map_err(no_backup)? {
        let mut entry = entry.map_err(no_backup)?;
        let name = entry.path().map_err(no_backup)?.into_owned();
        if let Some(name) = file_named(&name) {
            put_back(&mut entry, &data.join(name))?;
            continue;
        }
        let known = [DATABASE].iter().chain(&BESIDE);
        let Some(name) = known.copied().find(|known| name.as_os_str() == *known) else {
            return Err(BackupError::NoBackup {
                path: file.to_owned(),
                why: format!("it holds {}", name.display()),
            });
        };
        let partial = data.join(format!("{name}.restored"));
        let mut out = private_file(&partial).map_err(disk(&partial))?;
        io::copy(&mut entry, &mut out).map_err(no_backup)?;
        out.sync_all().map_err(disk(&partial))?;
        found.push((partial, data.join(name)));
    }
    if !found.iter().any(|(_, to)| to.ends_with(DATABASE)) {
        return Err(BackupError::NoBackup {
            path: file.to_owned(),
            why: "it holds no database".to_owned(),
        });
    }
    // What a database that is gone left behind would be played into this one.
    for left in ["village.db-wal", "village.db-shm"] {
        remove(&data.join(left))?;
    }
    for (from, to) in found {
        fs::rename(&from, &to).map_err(disk(&to))?;
    }
    Ok(())
}

/// A picture goes to its place at once: its name is the hash of what is in it.
fn put_back(entry: &mut impl io::Read, to: &Path) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        make_private(folder).map_err(disk(folder))?;
    }
    let mut out = private_file(to).map_err(disk(to))?;
    io::copy(entry, &mut out).map_err(disk(to))?;
    out.sync_all().map_err(disk(to))
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(disk(path)(source)),
        _ => Ok(()),
    }
}

/// Why the journal could not be written as a file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The disk's fault.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The database's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no village.
    #[error("there is no village here yet")]
    Nothing,
    /// The image it starts from cannot be read.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The image it starts from makes no world.
    #[error(transparent)]
    Village(#[from] VillageError),
    /// The journal cannot be followed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The tick it starts from.
    pub from_tick: i64,
    /// The tick it leads to.
    pub to_tick: i64,
    /// The state's hash there.
    pub hash: StateHash,
}

/// Writes the journal since the oldest kept image as the file that `hamlet replay` reads, and runs it on the way: its trailer has the hash it leads to.
///
/// # Errors
/// [`ExportError`].
pub async fn export_journal(store: &Store, out: impl Write) -> Result<Exported, ExportError> {
    let head = store.head().await?.ok_or(ExportError::Nothing)?;
    let images = store.images().await?;
    let oldest = images.last().ok_or(ExportError::Nothing)?;
    let row = store.image(oldest.id).await?.ok_or(ExportError::Nothing)?;
    let image = decode_image(&row.bytes)?;
    let header = JournalHeader {
        first_frame: u64::try_from(row.next_frame).unwrap_or(0),
        first_order: u32::try_from(row.next_order).unwrap_or(0),
        ..JournalHeader::new(
            image.clone(),
            0,
            concat!("hamlet ", env!("CARGO_PKG_VERSION")),
        )
    };
    let mut writer = JournalWriter::create(out, &header)?;
    let mut replayer = Replayer::new(Village::resume(image, VillageOptions::default())?);
    let mut next = row.next_frame;
    loop {
        let frames = store.frames_from(next, FRAMES_PAGE).await?;
        let Some(last) = frames.last() else { break };
        next = last.seq + 1;
        for frame in frames.iter().filter(|frame| frame.seq < head.next_frame) {
            writer.append_frame(&frame.bytes)?;
            replayer.frame(&frame.bytes)?;
        }
    }
    let to = u64::try_from(head.tick).unwrap_or(0);
    replayer.tick_to(to);
    let hash = replayer.into_village().state_hash();
    writer.finish(to, hash)?;
    Ok(Exported {
        from_tick: row.tick,
        to_tick: head.tick,
        hash,
    })
}
