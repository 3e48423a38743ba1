//! Where files lie.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, io};

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;

use super::{FileHash, FileStore};

/// The folder of files, in the village's folder.
pub const FOLDER: &str = "files";

/// Where files lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FilesPlace {
    /// In [`FOLDER`] of the village's folder; a backup takes them along.
    #[default]
    Folder,
    /// In a bucket of an S3 service, which has backups of its own.
    Bucket(Bucket),
}

/// A bucket of an S3 service.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The service's address, such as `https://s3.example`; `None`: that of AWS.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// What stands before the names of all files.
    pub prefix: String,
    /// Who writes.
    pub access_key_id: String,
    /// Their secret.
    pub secret_access_key: String,
}

impl fmt::Debug for Bucket {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Why files cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The disk's fault.
    #[error("the folder of files {}: {source}", path.display())]
    Disk {
        /// Which folder.
        path: PathBuf,
        /// What the disk says.
        source: io::Error,
    },
    /// The settings of the bucket make no sense.
    #[error("the bucket of files: {0}; see [files] in docs/OPERATIONS.md")]
    Bucket(object_store::Error),
}

impl FileStore {
    /// The files of a village with this folder.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(place: &FilesPlace, data: &Path) -> Result<Self, OpenError> {
        let store: Arc<dyn ObjectStore> = match place {
            FilesPlace::Folder => Arc::new(folder(&data.join(FOLDER))?),
            FilesPlace::Bucket(wanted) => {
                let bucket = bucket(wanted).map_err(OpenError::Bucket)?;
                Arc::new(PrefixStore::new(bucket, wanted.prefix.as_str()))
            }
        };
        Ok(Self::new(store))
    }
}

/// The name of a file where files lie: spread over 256 folders by the first byte of the hash.
pub(super) fn name_of(hash: FileHash) -> String {
    format!("{:02x}/{hash}.png", hash.0[0])
}

/// The files of a village's folder, as a backup names them: from that folder.
///
/// # Errors
/// What the disk says.
pub(crate) fn files_in(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let folder = data.join(FOLDER);
    if !folder.is_dir() {
        return Ok(found);
    }
    for spread in fs::read_dir(folder)? {
        let spread = spread?.path();
        if !spread.is_dir() {
            continue;
        }
        for file in fs::read_dir(spread)? {
            let file = file?.path();
            let name = file.strip_prefix(data).ok().and_then(file_named);
            found.extend(name);
        }
    }
    found.sort();
    Ok(found)
}

/// A path in a backup, if it is that of a file of ours and of nothing else.
pub(crate) fn file_named(path: &Path) -> Option<PathBuf> {
    let hash: FileHash = path.file_stem()?.to_str()?.parse().ok()?;
    let name = Path::new(FOLDER).join(name_of(hash));
    (path == name).then_some(name)
}

fn folder(path: &Path) -> Result<LocalFileSystem, OpenError> {
    let failed = |source| OpenError::Disk {
        path: path.to_owned(),
        source,
    };
    make_private(path).map_err(failed)?;
    let store =
        LocalFileSystem::new_with_prefix(path).map_err(|error| failed(io::Error::other(error)))?;
    // What a row names is on disk before the row is.
    Ok(store.with_fsync(true))
}

fn bucket(wanted: &Bucket) -> Result<impl ObjectStore + use<>, object_store::Error> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&wanted.name)
        .with_region(&wanted.region)
        .with_access_key_id(&wanted.access_key_id)
        .with_secret_access_key(&wanted.secret_access_key)
        // Not every service knows how to delete several at once.
        .with_disable_bulk_delete(true);
    if let Some(endpoint) = &wanted.endpoint {
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"));
    }
    builder.build()
}

/// Makes a folder that only its owner reads, and those it lies in.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Makes a folder, and those it lies in.
#[cfg(not(unix))]
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Makes a file, or empties it, that its owner alone reads and writes.
///
/// # Errors
/// What the disk says.
#[cfg(unix)]
pub fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    const OWNER_ONLY: u32 = 0o600;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(OWNER_ONLY)
        .open(path)?;
    // One that was there keeps its mode otherwise.
    file.set_permissions(fs::Permissions::from_mode(OWNER_ONLY))?;
    Ok(file)
}

/// Makes a file, or empties it.
///
/// # Errors
/// What the disk says.
#[cfg(not(unix))]
pub fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
}
