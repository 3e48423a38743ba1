//! Who a resident is, and the templates they are made from.

use serde::{Deserialize, Serialize};

use crate::time::Hours;
use crate::word::Word;

pub use crate::name::{NAME_CHARS_MAX, NAME_CHARS_MIN, NameError, RESERVED_NAMES, check_name};

/// Longest story of a persona, in characters.
pub const ABOUT_CHARS_MAX: usize = 4_000;

/// Most traits, and most interests, of a persona.
pub const WORDS_MAX: usize = 20;

/// Longest of a persona's other texts, in characters.
pub const WORD_CHARS_MAX: usize = 1_000;

/// Longest name to be called by that somebody may give themselves, in characters.
pub const DISPLAY_NAME_CHARS_MAX: usize = 100;

/// Longest description that somebody may give of themselves, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 500;

/// Why somebody may not describe themselves so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The name is blank or too long.
    #[error("a display name has 1 to 100 characters")]
    DisplayName,
    /// The name has line breaks or other characters without a look.
    #[error("a display name has no control characters, and no letters that nobody sees")]
    Control,
    /// The description is too long.
    #[error("a description has at most 500 characters")]
    Description,
}

/// Whether somebody may call themselves so.
///
/// # Errors
/// What is wrong with it.
pub fn check_display_name(name: &str) -> Result<(), ProfileError> {
    if name.trim().is_empty() || too_long(name, DISPLAY_NAME_CHARS_MAX) {
        return Err(ProfileError::DisplayName);
    }
    if crate::text::fault_of_line(name).is_some() {
        return Err(ProfileError::Control);
    }
    Ok(())
}

/// Whether somebody may describe themselves so.
///
/// # Errors
/// What is wrong with it.
pub fn check_description(text: &str) -> Result<(), ProfileError> {
    if too_long(text, DESCRIPTION_CHARS_MAX) {
        return Err(ProfileError::Description);
    }
    Ok(())
}

/// Why a persona is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonaError {
    /// Its handle is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Its story is too long.
    #[error("a story has at most 4000 characters")]
    About,
    /// A list is too long.
    #[error("nobody has more than 20 traits or 20 interests")]
    Words,
    /// Another text is too long.
    #[error(
        "a display name, a trait, an interest, an occupation and a home have at most 1000 characters each"
    )]
    Word,
}

/// Whether somebody may be who this says: a handle, and nothing too long to keep.
///
/// # Errors
/// What is wrong with it.
pub fn check_persona(persona: &Persona) -> Result<(), PersonaError> {
    check_name(&persona.name)?;
    if too_long(&persona.about, ABOUT_CHARS_MAX) {
        return Err(PersonaError::About);
    }
    if persona.traits.len().max(persona.interests.len()) > WORDS_MAX {
        return Err(PersonaError::Words);
    }
    let texts = [
        Some(&persona.display_name),
        persona.occupation.as_ref(),
        persona.home.as_ref(),
    ];
    let texts = texts.into_iter().flatten().map(String::as_str);
    let words = persona.traits.iter().chain(&persona.interests);
    let mut all = texts.chain(words.map(Word::as_str));
    match all.any(|word| too_long(word, WORD_CHARS_MAX)) {
        true => Err(PersonaError::Word),
        false => Ok(()),
    }
}

fn too_long(text: &str, chars_max: usize) -> bool {
    text.len() > 4 * chars_max || text.chars().count() > chars_max
}

/// A character: enough for habits, and for a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// Handle: see [`check_name`]; no two have one [`crate::name::name_key`].
    pub name: String,
    /// How others call them; free text.
    pub display_name: String,
    /// Years.
    pub age: Option<u16>,
    /// Adjectives, such as `curious`.
    pub traits: Vec<Word>,
    /// What they are drawn to; topics of talk and reading.
    pub interests: Vec<Word>,
    /// Their trade, if they have one.
    pub occupation: Option<String>,
    /// A paragraph in the second or third person.
    pub about: String,
    /// When they like to sleep; `None` leaves it to chance.
    pub sleep: Option<Hours>,
    /// Name of the landmark they live in, if the source names one.
    pub home: Option<String>,
}

/// A kind of agent one can deploy: an entry of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its key in files and addresses.
    pub slug: String,
    /// Name as shown.
    pub name: String,
    /// Shelf of the catalogue.
    pub category: String,
    /// One line.
    pub tagline: String,
    /// Who they are, in our own words; the stable beginning of a prompt.
    pub prompt: String,
    /// Adjectives; a resident gets some of them.
    pub traits: Vec<String>,
    /// Topics; a resident gets some of them.
    pub interests: Vec<String>,
    /// Trades; a resident gets one of them.
    pub occupations: Vec<String>,
    /// Given names to draw from; empty means the template's own name, numbered when there are several.
    pub first_names: Vec<String>,
    /// Family names to draw from; may be empty.
    pub last_names: Vec<String>,
    /// Youngest and oldest age to draw; `None`: they have no age.
    #[serde(default)]
    pub ages: Option<(u16, u16)>,
    /// Paragraphs a resident's story is drawn from, with the slots `{name}`, `{first}`, `{age}`, `{occupation}`, `{traits}` and `{interests}`;
    /// empty: the tagline.
    #[serde(default)]
    pub about: Vec<String>,
    /// Lines this character might say, for prompts and for the scripted mind.
    pub examples: Vec<String>,
    /// What it can do besides posting, commenting and voting.
    pub capabilities: Vec<String>,
    /// Class of model it thinks with: `chat`, `fast`, `reasoning`, …
    pub model: String,
    /// Ticks from a thought's question to its effect, in lockstep.
    pub think_ticks: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_says_of_oneself_has_limits() {
        for name in ["A", "Zoë 🌞", &"ä".repeat(100)] {
            assert_eq!(check_display_name(name), Ok(()), "{name}");
        }
        let (long, control) = (ProfileError::DisplayName, ProfileError::Control);
        for (name, error) in [("", long), (" ", long), ("a\nb", control)] {
            assert_eq!(check_display_name(name), Err(error), "{name:?}");
        }
        assert_eq!(check_display_name(&"ä".repeat(101)), Err(long));
        assert_eq!(check_description(&"ä".repeat(500)), Ok(()));
        let long = Err(ProfileError::Description);
        assert_eq!(check_description(&"ä".repeat(501)), long);
    }

    #[test]
    fn nothing_of_a_persona_is_too_long_to_keep() {
        let holt = Persona {
            name: "mira_holt".to_owned(),
            about: "ä".repeat(ABOUT_CHARS_MAX),
            traits: vec![Word::from("ä".repeat(WORD_CHARS_MAX)); WORDS_MAX],
            home: Some("ä".repeat(WORD_CHARS_MAX)),
            ..Persona::default()
        };
        assert_eq!(check_persona(&holt), Ok(()));
        let with = |change: fn(&mut Persona)| {
            let mut persona = holt.clone();
            change(&mut persona);
            check_persona(&persona)
        };
        let name = Err(PersonaError::Name(NameError::Length));
        assert_eq!(with(|it| it.name.clear()), name);
        assert_eq!(with(|it| it.about.push('x')), Err(PersonaError::About));
        let words = Err(PersonaError::Words);
        assert_eq!(with(|it| it.interests = vec![Word::from(""); 21]), words);
        let word = Err(PersonaError::Word);
        assert_eq!(
            with(|it| it.traits[19] = Word::from("x".repeat(1001))),
            word
        );
        assert_eq!(with(|it| it.occupation = Some("x".repeat(1001))), word);
    }
}
