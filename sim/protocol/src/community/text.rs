//! What communities and their labels may be called, and how long what is said about them may be.

use super::{Label, LabelKind, SubmoltSettings};
use crate::name::{NAME_CHARS_MAX, NAME_CHARS_MIN, name_key};

/// Slugs that nobody founds: words of the system, and Moltbook's lists. A scenario may found them.
pub const RESERVED_SLUGS: [&str; 8] = [
    "admin", "mod", "api", "www", "moltbook", "help", "all", "popular",
];
/// Longest name a community is shown with, in characters.
const DISPLAY_NAME_CHARS_MAX: usize = 100;
/// Longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 500;
/// Longest rules, in characters.
const RULES_CHARS_MAX: usize = 10_000;
/// Longest key of a label, in characters.
pub const LABEL_KEY_CHARS_MAX: usize = 30;
/// Longest label, in characters.
pub const LABEL_NAME_CHARS_MAX: usize = 50;
/// Longest prompt of a role, in characters.
pub const PROMPT_CHARS_MAX: usize = 2_000;
/// Longest time between two briefings, in minutes: thirty days.
const CADENCE_MINUTES_MAX: u32 = 43_200;
/// Colours a label may have.
pub const LABEL_COLORS: [&str; 10] = [
    "emerald", "rose", "amber", "sky", "violet", "slate", "indigo", "teal", "pink", "orange",
];
/// Where a label may be shown: with what is known about its target, beside the name, or before the title.
pub const PLACEMENTS: [&str; 3] = ["metadata", "badge", "title"];

/// Why something can't be said about a community.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommunityError {
    /// Not a slug.
    #[error(
        "a community's name has 2 to 50 letters from a to z, digits, `_` and `-`, and begins with a letter or a digit"
    )]
    Slug,
    /// A word of the system.
    #[error(
        "this name is reserved (admin, mod, api, www, moltbook, help, all, popular, and what looks like them)"
    )]
    Reserved,
    /// Too long.
    #[error("{what} has at most {chars_max} characters")]
    Length {
        /// What it is.
        what: &'static str,
        /// How long it may be.
        chars_max: usize,
    },
    /// Empty.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// Characters that nobody sees, or that break a line.
    #[error("{0} must not have line breaks, or characters that nobody sees")]
    Hidden(&'static str),
    /// Not a picture.
    #[error("a picture is named by the 64 hexadecimal digits of its SHA-256, or left empty")]
    Picture,
    /// Not a colour.
    #[error("a colour is written `#rrggbb`, or left empty")]
    Color,
    /// Not a key.
    #[error("a label's key has 1 to 30 letters from a to z, digits, `_` and `-`")]
    LabelKey,
    /// Not a label's colour.
    #[error(
        "a label's colour is one of emerald, rose, amber, sky, violet, slate, indigo, teal, pink, orange"
    )]
    LabelColor,
    /// What only roles have.
    #[error("only labels of the kind `role` have a prompt and a cadence")]
    NotARole,
    /// Too seldom.
    #[error("a cadence is at most 43200 minutes, which are thirty days")]
    Cadence,
}

/// Whether a text may be a community's slug; `seeded`: in a scenario, which may use reserved words.
///
/// # Errors
/// What is wrong with it.
pub fn check_slug(slug: &str, seeded: bool) -> Result<(), CommunityError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    let fits = (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&slug.len())
        && slug.bytes().all(allowed)
        && !slug.starts_with(['_', '-']);
    if !fits {
        return Err(CommunityError::Slug);
    }
    let key = name_key(slug);
    if !seeded && RESERVED_SLUGS.iter().any(|word| key == name_key(word)) {
        return Err(CommunityError::Reserved);
    }
    Ok(())
}

/// Whether this may be said about a community.
///
/// # Errors
/// The first fault.
pub fn check_settings(settings: &SubmoltSettings) -> Result<(), CommunityError> {
    if let Some(name) = &settings.display_name {
        check_line("a display name", name, DISPLAY_NAME_CHARS_MAX)?;
    }
    for (what, text, chars_max) in [
        (
            "a description",
            &settings.description,
            DESCRIPTION_CHARS_MAX,
        ),
        ("the rules of a community", &settings.rules, RULES_CHARS_MAX),
    ] {
        check_length(what, text.as_deref().unwrap_or_default(), chars_max)?;
    }
    let pictures = [&settings.icon, &settings.banner];
    pictures
        .into_iter()
        .flatten()
        .try_for_each(|picture| check_picture(picture))?;
    let colors = [&settings.banner_color, &settings.theme_color];
    colors
        .into_iter()
        .flatten()
        .try_for_each(|color| check_color(color))
}

/// Whether a text names a picture or is empty.
fn check_picture(hash: &str) -> Result<(), CommunityError> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    if hash.is_empty() || is_hash {
        return Ok(());
    }
    Err(CommunityError::Picture)
}

/// Whether a text is a colour or empty.
///
/// # Errors
/// When it is something else.
pub fn check_color(color: &str) -> Result<(), CommunityError> {
    let digits = color.strip_prefix('#').unwrap_or_default();
    let is_color = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if color.is_empty() || is_color {
        return Ok(());
    }
    Err(CommunityError::Color)
}

/// Whether this may be a label.
///
/// # Errors
/// The first fault.
pub fn check_label(label: &Label) -> Result<(), CommunityError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    let fits = (1..=LABEL_KEY_CHARS_MAX).contains(&label.key.len());
    if !fits || !label.key.bytes().all(allowed) {
        return Err(CommunityError::LabelKey);
    }
    check_line("a label", &label.label, LABEL_NAME_CHARS_MAX)?;
    if !LABEL_COLORS.contains(&label.color.as_str()) {
        return Err(CommunityError::LabelColor);
    }
    let has_prompt = label.prompt.is_some() || label.cadence_minutes > 0;
    if label.kind != LabelKind::Role && has_prompt {
        return Err(CommunityError::NotARole);
    }
    if label.cadence_minutes > CADENCE_MINUTES_MAX {
        return Err(CommunityError::Cadence);
    }
    let prompt = label.prompt.as_deref().unwrap_or_default();
    check_length("a role's prompt", prompt, PROMPT_CHARS_MAX)
}

/// One line that says something, without characters that nobody sees.
fn check_line(what: &'static str, text: &str, chars_max: usize) -> Result<(), CommunityError> {
    check_length(what, text, chars_max)?;
    if text.trim().is_empty() {
        return Err(CommunityError::Empty(what));
    }
    if text.chars().any(is_hidden) {
        return Err(CommunityError::Hidden(what));
    }
    Ok(())
}

fn check_length(what: &'static str, text: &str, chars_max: usize) -> Result<(), CommunityError> {
    // A character has at most four bytes: long texts are refused without counting all of them.
    if text.len() > 4 * chars_max || text.chars().count() > chars_max {
        return Err(CommunityError::Length { what, chars_max });
    }
    Ok(())
}

/// Control characters, spaces without width, and signs that turn the direction of what follows.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked() {
        for slug in ["ab", "old-maps", "7up", "a_b", &"x".repeat(50)] {
            assert_eq!(check_slug(slug, false), Ok(()), "{slug}");
        }
        for slug in ["", "a", "Maps", "old maps", "zoë", "-maps", "_x", "a/b"] {
            assert_eq!(check_slug(slug, true), Err(CommunityError::Slug), "{slug}");
        }
        let long = "x".repeat(51);
        assert_eq!(check_slug(&long, true), Err(CommunityError::Slug));
        for slug in RESERVED_SLUGS.into_iter().chain(["adm1n", "a-l-l"]) {
            let refused = Err(CommunityError::Reserved);
            assert_eq!(check_slug(slug, false), refused, "{slug}");
            assert_eq!(check_slug(slug, true), Ok(()), "{slug}");
        }
        let told = CommunityError::Reserved.to_string();
        assert!(RESERVED_SLUGS.iter().all(|word| told.contains(word)));
    }

    #[test]
    fn what_is_said_has_limits() {
        let said = |change: fn(&mut SubmoltSettings)| {
            let mut settings = SubmoltSettings::default();
            change(&mut settings);
            check_settings(&settings)
        };
        assert_eq!(said(|_| {}), Ok(()));
        assert_eq!(said(|it| it.banner_color = Some("#12aBcd".into())), Ok(()));
        assert_eq!(said(|it| it.banner_color = Some(String::new())), Ok(()));
        for bad in ["12abcd", "#12abc", "#12abcg", "red"] {
            assert_eq!(check_color(bad), Err(CommunityError::Color), "{bad}");
        }
        let what = "a display name";
        let empty = Err(CommunityError::Empty(what));
        assert_eq!(said(|it| it.display_name = Some("  ".into())), empty);
        for bad in ["a\nb", "a\u{202e}b", "a\u{200b}b"] {
            assert_eq!(check_line(what, bad, 9), Err(CommunityError::Hidden(what)));
        }
        let long = |what, chars_max| Err(CommunityError::Length { what, chars_max });
        assert_eq!(
            said(|it| it.display_name = Some("ä".repeat(101))),
            long(what, 100)
        );
        assert_eq!(
            said(|it| it.description = Some("ä".repeat(501))),
            long("a description", 500)
        );
    }

    #[test]
    fn labels_are_checked() {
        let bug = Label {
            key: "bug".to_owned(),
            label: "Bug".to_owned(),
            color: "rose".to_owned(),
            kind: LabelKind::Tag,
            prompt: None,
            cadence_minutes: 0,
        };
        assert_eq!(check_label(&bug), Ok(()));
        let with = |change: fn(&mut Label)| {
            let mut label = bug.clone();
            change(&mut label);
            check_label(&label)
        };
        assert_eq!(
            with(|it| it.key = "A b".into()),
            Err(CommunityError::LabelKey)
        );
        assert_eq!(
            with(|it| it.color = "red".into()),
            Err(CommunityError::LabelColor)
        );
        assert_eq!(
            with(|it| it.cadence_minutes = 5),
            Err(CommunityError::NotARole)
        );
        let role = |it: &mut Label| {
            it.kind = LabelKind::Role;
            it.prompt = Some("Sort what came in.".into());
            it.cadence_minutes = 43_200;
        };
        assert_eq!(with(role), Ok(()));
    }
}
