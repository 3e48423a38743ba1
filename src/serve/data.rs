//! The village's folder: only its owner reads it, and one server has it at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use hamlet_api::files::private_file;

const LOCK: &str = "lock";
const SECRET: &str = "token.key";
const SECRET_BYTES: usize = 32;

/// The folder, locked for as long as this lives; the lock vanishes with its process, however that ends.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Takes the folder, and makes it where it is missing.
    ///
    /// # Errors
    /// When another server has it, or the disk refuses.
    pub(crate) fn take(path: &Path) -> anyhow::Result<Self> {
        let named = || format!("the village's folder {}", path.display());
        make_private(path).with_context(named)?;
        let lock = private(
            &path.join(LOCK),
            OpenOptions::new().write(true).create(true).truncate(false),
        )
        .with_context(named)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => bail!(
                "another server has the village in {}: stop it, or give this one a folder of its own with --data",
                path.display()
            ),
            Err(TryLockError::Error(source)) => Err(source).with_context(named),
        }
    }

    /// The secret that signs access tokens; made at the first start.
    ///
    /// # Errors
    /// What the disk or the operating system's chance says.
    pub(crate) fn token_secret(&self) -> anyhow::Result<Vec<u8>> {
        let path = self.path.join(SECRET);
        let named = || format!("the secret {}", path.display());
        match File::open(&path) {
            Ok(mut file) => {
                let mut secret = Vec::new();
                file.read_to_end(&mut secret).with_context(named)?;
                if secret.len() < SECRET_BYTES {
                    bail!(
                        "{} is too short: remove it, and everybody signs in again",
                        named()
                    );
                }
                Ok(secret)
            }
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                make_secret(&path).with_context(named)
            }
            Err(source) => Err(source).with_context(named),
        }
    }
}

fn make_secret(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret).context("the operating system gives no chance")?;
    let partial = path.with_extension("partial");
    let mut file = private_file(&partial)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    Ok(secret)
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Opens a file that only its owner reads, if it is made now.
#[cfg(unix)]
pub(crate) fn private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600).open(path)
}

/// Opens a file.
#[cfg(not(unix))]
pub(crate) fn private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_and_keeps_its_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/village");
        let first = DataFolder::take(&path).expect("it is free");
        let secret = first.token_secret().expect("a secret");
        assert_eq!(secret.len(), SECRET_BYTES);
        let second = DataFolder::take(&path).expect_err("it is taken");
        assert!(second.to_string().contains("--data"), "{second}");
        drop(first);
        let again = DataFolder::take(&path).expect("it is free again");
        assert_eq!(again.token_secret().expect("a secret"), secret);
    }
}
