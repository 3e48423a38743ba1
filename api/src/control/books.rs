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
/// The same of a village on PostgreSQL, in a backup alone.
const DUMP: &str = "village.pg";
/// What is taken along beside the database.
const BESIDE: [&str; 1] = [SECRET];
/// The secret that signs access tokens.
const SECRET: &str = "token.key";
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
    /// It goes into a database, not into a folder.
    #[error(
        "{} is of a village on PostgreSQL: name an empty database with --db, and the folder for its pictures and its key with --data", .0.display()
    )]
    OnPostgres(PathBuf),
    /// It goes into a folder, not into a database.
    #[error(
        "{} is of a village in a file: name an empty folder with --data, and no --db", .0.display()
    )]
    InFile(PathBuf),
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
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let copy = file.with_extension("database.partial");
    remove(&copy)?;
    store.backup_into(&copy).await?;
    let (data, file) = (data.to_owned(), file.to_owned());
    let name = match store.kind() {
        StoreKind::Sqlite => DATABASE,
        StoreKind::Postgres => DUMP,
    };
    tokio::task::spawn_blocking(move || {
        let packed = pack((&copy, name), &data, &file);
        remove(&copy)?;
        packed
    })
    .await
    .map_err(|_panic| BackupError::Panicked)?
}

/// The database is a file, with its name in the backup.
fn pack(database: (&Path, &str), data: &Path, file: &Path) -> Result<u64, BackupError> {
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

fn pack_into(out: File, (database, called): (&Path, &str), data: &Path) -> io::Result<()> {
    let packer = zstd::Encoder::new(BufWriter::new(out), ZSTD_LEVEL)?;
    let mut archive = tar::Builder::new(packer);
    archive.append_path_with_name(database, called)?;
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
    vacant(data, &[DATABASE])?;
    let found = Unpacked::of(file, data)?;
    if !found.has(DATABASE) {
        return Err(BackupError::OnPostgres(file.to_owned()));
    }
    // What a database that is gone left behind would be played into this one.
    for left in ["village.db-wal", "village.db-shm"] {
        remove(&data.join(left))?;
    }
    found.settle()
}

/// Unpacks a backup of a village on PostgreSQL: its database into the one that is named, which must be empty, everything else into the folder,
/// which the caller holds the lock of.
///
/// # Errors
/// [`BackupError`]; a database or a folder that has a village is left as it is.
pub async fn restore_on_postgres(file: &Path, data: &Path, url: &str) -> Result<(), BackupError> {
    // A key without a database here is that of a village on PostgreSQL.
    vacant(data, &[DATABASE, SECRET])?;
    let mut found = Unpacked::of(file, data)?;
    let Some(dump) = found.take(DUMP) else {
        return Err(BackupError::InFile(file.to_owned()));
    };
    let source = File::open(&dump).map_err(disk(&dump))?;
    let restored = Store::restore_from(url, source).await;
    remove(&dump)?;
    restored?;
    found.settle()
}

fn vacant(data: &Path, names: &[&str]) -> Result<(), BackupError> {
    match names.iter().any(|name| data.join(name).exists()) {
        true => Err(BackupError::Occupied(data.to_owned())),
        false => Ok(()),
    }
}

/// What a backup holds beside pictures, unpacked and not yet in its place; it is gone with this.
struct Unpacked<'a> {
    data: &'a Path,
    names: Vec<&'static str>,
}

impl<'a> Unpacked<'a> {
    fn of(file: &Path, data: &'a Path) -> Result<Self, BackupError> {
        let no_backup = |source: io::Error| BackupError::NoBackup {
            path: file.to_owned(),
            why: source.to_string(),
        };
        let packed = File::open(file).map_err(disk(file))?;
        let mut archive = tar::Archive::new(zstd::Decoder::new(packed).map_err(no_backup)?);
        let mut unpacked = Self {
            data,
            names: Vec::new(),
        };
        for entry in archive.entries().map_err(no_backup)? {
            let mut entry = entry.map_err(no_backup)?;
            let name = entry.path().map_err(no_backup)?.into_owned();
            if let Some(name) = file_named(&name) {
                put_back(&mut entry, &data.join(name))?;
                continue;
            }
            let mut known = [DATABASE, DUMP].into_iter().chain(BESIDE);
            let Some(name) = known.find(|known| name.as_os_str() == *known) else {
                return Err(BackupError::NoBackup {
                    path: file.to_owned(),
                    why: format!("it holds {}", name.display()),
                });
            };
            let partial = unpacked.partial(name);
            unpacked.names.push(name);
            let mut out = private_file(&partial).map_err(disk(&partial))?;
            io::copy(&mut entry, &mut out).map_err(no_backup)?;
            out.sync_all().map_err(disk(&partial))?;
        }
        if unpacked.has(DATABASE) || unpacked.has(DUMP) {
            return Ok(unpacked);
        }
        Err(BackupError::NoBackup {
            path: file.to_owned(),
            why: "it holds no database".to_owned(),
        })
    }

    fn partial(&self, name: &str) -> PathBuf {
        self.data.join(format!("{name}.restored"))
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Where this one is; it is the caller's now.
    fn take(&mut self, name: &str) -> Option<PathBuf> {
        let at = self.names.iter().position(|found| *found == name)?;
        let name = self.names.remove(at);
        Some(self.partial(name))
    }

    /// Puts everything into its place.
    fn settle(mut self) -> Result<(), BackupError> {
        for name in std::mem::take(&mut self.names) {
            let to = self.data.join(name);
            fs::rename(self.partial(name), &to).map_err(disk(&to))?;
        }
        Ok(())
    }
}

impl Drop for Unpacked<'_> {
    fn drop(&mut self) {
        for name in &self.names {
            // What cannot be removed is written over by the next try.
            drop(fs::remove_file(self.partial(name)));
        }
    }
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
