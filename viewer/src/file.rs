//! How the window writes files: whole or not at all, for whoever runs it alone; what was delivered is saved beside what is there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Characters of a name that a file is saved by.
const NAME_CHARS_MAX: usize = 80;
/// Names that are tried where the first is taken.
const NAMES_MAX: u32 = 1_000;

/// Puts a text in a file's place: whoever reads it finds the old one or the new one, whole, also where the program is killed in between.
/// Only whoever runs the window may read it, whatever was allowed of the file before.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn replace(place: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    // Another window may write the same file at the same time.
    let partial = place.with_extension(format!("{}.partial", std::process::id()));
    let written = write_own(&partial, text).and_then(|()| fs::rename(&partial, place));
    if written.is_err() {
        // Nothing may be there.
        fs::remove_file(&partial).ok();
    }
    written
}

fn write_own(place: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)?.write_all(text.as_bytes())
}

/// Saves what an agent delivered in a folder, under its name or one close to it; nothing that is there is written over. Where it is now.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn save(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = tame(name);
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem, format!(".{end}")),
        _ => (name.as_str(), String::new()),
    };
    for no in 1..=NAMES_MAX {
        let place = folder.join(match no {
            1 => name.clone(),
            _ => format!("{stem} ({no}){end}"),
        });
        match OpenOptions::new().write(true).create_new(true).open(&place) {
            Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| place),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(why),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A name that leads nowhere else and hides nothing: a language model has chosen it.
fn tame(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        '.' | '-' | '_' | ' ' => letter,
        letter if letter.is_alphanumeric() => letter,
        _ => '_',
    });
    let tamed: String = letters.take(NAME_CHARS_MAX).collect();
    let tamed = tamed.trim_matches(['.', ' ']);
    match tamed {
        "" => "file.txt".to_owned(),
        tamed => tamed.to_owned(),
    }
}

/// Where what was delivered is saved: where downloads are.
pub(crate) fn downloads() -> Option<PathBuf> {
    let named = |name: &str| {
        let place = std::env::var_os(name).filter(|it| !it.is_empty());
        place.map(PathBuf::from)
    };
    if let Some(place) = named("XDG_DOWNLOAD_DIR") {
        return Some(place);
    }
    let home = named("HOME").or_else(|| named("USERPROFILE"))?;
    let place = home.join("Downloads");
    Some(if place.is_dir() { place } else { home })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A folder of a test's own, empty.
    pub(crate) fn folder(name: &str) -> PathBuf {
        let own = format!("hamlet-viewer-{}-{name}", std::process::id());
        let place = std::env::temp_dir().join(own);
        fs::remove_dir_all(&place).ok();
        fs::create_dir_all(&place).expect("a folder");
        place
    }

    #[test]
    fn a_file_is_replaced_whole_and_is_its_owners_alone() {
        let place = folder("replaced").join("deep").join("it.json");
        replace(&place, "one").expect("it is written");
        #[cfg(unix)]
        let mode = |to: Option<u32>| {
            use std::os::unix::fs::PermissionsExt;
            if let Some(to) = to {
                fs::set_permissions(&place, fs::Permissions::from_mode(to)).expect("it is mine");
            }
            fs::metadata(&place)
                .expect("it is there")
                .permissions()
                .mode()
                & 0o777
        };
        #[cfg(unix)]
        assert_eq!((mode(None), mode(Some(0o644))), (0o600, 0o644));
        replace(&place, "two").expect("it is written");
        assert_eq!(fs::read_to_string(&place).expect("it is there"), "two");
        #[cfg(unix)]
        assert_eq!(mode(None), 0o600, "also where it was open to others");
        let folder = place.parent().expect("it has one");
        let left: Vec<_> = fs::read_dir(folder).expect("it is there").collect();
        assert_eq!(left.len(), 1, "nothing else is left: {left:?}");
    }

    #[test]
    fn what_cannot_be_put_in_place_leaves_nothing_behind() {
        let folder = folder("kept");
        // A folder in its place cannot be replaced by a file.
        let place = folder.join("it.json");
        fs::create_dir(&place).expect("a folder");
        assert!(replace(&place, "new").is_err());
        let left: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn what_is_saved_writes_over_nothing_and_stays_in_its_folder() {
        let folder = folder("saved");
        let save = |name: &str| {
            let place = save(&folder, name, "words").expect("it is saved");
            assert_eq!(place.parent(), Some(folder.as_path()), "{name}");
            let name = place.file_name().expect("it has one");
            name.to_string_lossy().into_owned()
        };
        assert_eq!(save("result.md"), "result.md");
        assert_eq!(save("result.md"), "result (2).md");
        assert_eq!(save("../../.ssh/keys"), "_.._.ssh_keys");
        assert_eq!(save(".."), "file.txt");
        assert_eq!(save(".profile"), "profile");
        assert_eq!(save("été a:b.txt"), "été a_b.txt");
    }
}
