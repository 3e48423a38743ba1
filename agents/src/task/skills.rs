//! What an agent can call in a task chat: words for the person, and look-ups.

use std::collections::BTreeSet;

use hamlet_protocol::task::{
    TASK_FILE_CHARS_MAX, TASK_FILES_MAX, TASK_SOURCES_MAX, TaskFile, TaskKind, TaskSaid, TaskSource,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::skills::{Fault, Offer};
use crate::wire::Tool;

/// Skills of the village that only look something up.
const LOOK_UPS: [&str; 5] = ["look", "read_board", "read_post", "recall", "search"];
/// Words for the person.
const SAYINGS: [&str; 5] = [
    "ask_person",
    "restate",
    "report_progress",
    "deliver",
    "give_up",
];
/// Bytes of one call's arguments.
const ARGUMENT_BYTES_MAX: usize = 512 << 10;
/// Characters of a question, of one requirement, of a word on progress.
const LINE_CHARS_MAX: usize = 2_000;
/// Requirements that are restated.
const REQUIREMENTS_MAX: usize = 30;
/// Characters of the link of a source, at least: one letter stands nearly everywhere.
const LINK_CHARS_MIN: usize = 2;
/// Characters of the name of a file or source.
const NAME_CHARS_MAX: usize = 200;

/// What an agent does in a task chat.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// It says something; with `true` it is then the person's turn.
    Say(TaskSaid, bool),
    /// It looks something up.
    Look,
}

#[derive(Deserialize, JsonSchema)]
struct AskPerson {
    /// What you must know before you can go on. One question, or a few that belong together.
    question: String,
}

#[derive(Deserialize, JsonSchema)]
struct Restate {
    /// What you have understood, one requirement each.
    requirements: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
struct ReportProgress {
    /// What is done and what comes next, in a sentence or two.
    text: String,
}

#[derive(Deserialize, JsonSchema)]
struct Deliver {
    /// The result, or what is in the files.
    text: String,
    /// Files with longer results.
    #[serde(default)]
    files: Vec<FileArgs>,
    /// Where what you say comes from. Name only what you have read.
    #[serde(default)]
    sources: Vec<SourceArgs>,
}

#[derive(Deserialize, JsonSchema)]
struct FileArgs {
    /// Name with its ending, without folders, such as summary.md.
    name: String,
    /// All that is in it.
    text: String,
}

#[derive(Deserialize, JsonSchema)]
struct SourceArgs {
    /// What it is called.
    title: String,
    /// Its address, or the mark of a note such as #12.
    link: String,
}

#[derive(Deserialize, JsonSchema)]
struct GiveUp {
    /// What you could not do.
    what: String,
    /// Why.
    why: String,
    /// What was done all the same, if anything.
    #[serde(default)]
    done: String,
}

/// What can be called in a task chat: words for the person, then the look-ups among what the agent is offered.
pub(super) fn offer(village: &Offer) -> Vec<Tool> {
    let mut tools = vec![
        tool::<AskPerson>(
            "ask_person",
            "Ask the person what you must know; then it is their turn.",
        ),
        tool::<Restate>(
            "restate",
            "Say what you have understood that you are to do, before you do it.",
        ),
        tool::<ReportProgress>("report_progress", "Say how far you are."),
        tool::<Deliver>(
            "deliver",
            "Hand over what was asked for, with files and sources; then it is the person's turn.",
        ),
        tool::<GiveUp>(
            "give_up",
            "Say honestly what you could not do, and why; then it is the person's turn.",
        ),
    ];
    let look_ups = village.tools.iter();
    let look_ups = look_ups.filter(|tool| LOOK_UPS.contains(&tool.function.name.as_str()));
    tools.extend(look_ups.cloned());
    tools
}

fn tool<T: JsonSchema>(name: &str, about: &str) -> Tool {
    let mut schema = schemars::schema_for!(T).to_value();
    if let Value::Object(fields) = &mut schema {
        // Names of types and drafts tell a model nothing.
        fields.remove("$schema");
        fields.remove("title");
    }
    Tool::new(name, about, schema)
}

/// What a call is. `seen` is all that the agent has read: what it names as a source and is not there it only claims.
/// Of look-ups there are those among `offered`.
///
/// # Errors
/// What is wrong with the call, for the model.
pub(super) fn read(
    name: &str,
    arguments: &str,
    seen: &str,
    offered: &[Tool],
) -> Result<Deed, Fault> {
    let look_ups = || {
        let names = offered.iter().map(|tool| tool.function.name.as_str());
        names.filter(|name| LOOK_UPS.contains(name))
    };
    if look_ups().any(|it| it == name) {
        return Ok(Deed::Look);
    }
    let say = |kind, text: String, ends| Deed::Say(plain(kind, text), ends);
    Ok(match name {
        "ask_person" => {
            let AskPerson { question } = parse(arguments)?;
            say(
                TaskKind::Question,
                text("the question", &question, LINE_CHARS_MAX)?,
                true,
            )
        }
        "restate" => {
            let Restate { requirements } = parse(arguments)?;
            if requirements.len() > REQUIREMENTS_MAX {
                return Err(Fault::Wrong(format!(
                    "these are {} requirements; restate at most {REQUIREMENTS_MAX}, and join what belongs together: nobody has read them yet",
                    requirements.len()
                )));
            }
            let lines: Vec<String> = requirements
                .iter()
                .map(|line| {
                    Ok(format!(
                        "- {}",
                        text("a requirement", line, LINE_CHARS_MAX)?
                    ))
                })
                .collect::<Result<_, Fault>>()?;
            let lines = text("the list", &lines.join("\n"), TASK_FILE_CHARS_MAX)?;
            say(TaskKind::Requirements, lines, false)
        }
        "report_progress" => {
            let progress: ReportProgress = parse(arguments)?;
            say(
                TaskKind::Progress,
                text("the text", &progress.text, LINE_CHARS_MAX)?,
                false,
            )
        }
        "deliver" => Deed::Say(delivery(parse(arguments)?, seen)?, true),
        "give_up" => {
            let GiveUp { what, why, done } = parse(arguments)?;
            let mut words = format!(
                "I could not do this: {}\nWhy: {}",
                text("what", &what, LINE_CHARS_MAX)?,
                text("why", &why, LINE_CHARS_MAX)?
            );
            if !done.trim().is_empty() {
                words.push_str("\nWhat is done: ");
                words.push_str(&text("done", &done, LINE_CHARS_MAX)?);
            }
            say(TaskKind::Failure, words, true)
        }
        _ => {
            return Err(Fault::Unknown {
                name: name.chars().take(60).collect(),
                known: SAYINGS
                    .into_iter()
                    .chain(look_ups())
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
    })
}

/// Words alone.
pub(super) fn plain(kind: TaskKind, text: String) -> TaskSaid {
    TaskSaid {
        kind,
        text,
        files: Vec::new(),
        sources: Vec::new(),
        left_out: 0,
    }
}

fn delivery(args: Deliver, seen: &str) -> Result<TaskSaid, Fault> {
    if args.files.len() > TASK_FILES_MAX || args.sources.len() > TASK_SOURCES_MAX {
        return Err(Fault::Wrong(format!(
            "a delivery has at most {TASK_FILES_MAX} files and {TASK_SOURCES_MAX} sources"
        )));
    }
    let mut names = BTreeSet::new();
    let mut files = Vec::with_capacity(args.files.len());
    for file in args.files {
        let name = text("the name of a file", &file.name, NAME_CHARS_MAX)?;
        let odd = |letter: char| letter.is_control() || matches!(letter, '/' | '\\' | ':');
        if name.contains(odd) || name.starts_with('.') || !names.insert(name.clone()) {
            return Err(Fault::Wrong(format!(
                "`{name}` cannot be the name of a file: no folders, no dot at its beginning, each name once"
            )));
        }
        let text = text("a file", &file.text, TASK_FILE_CHARS_MAX)?;
        files.push(TaskFile { name, text });
    }
    let sources = args.sources.into_iter().map(|source| {
        let link = text("the link of a source", &source.link, NAME_CHARS_MAX)?;
        if link.chars().count() < LINK_CHARS_MIN {
            return Err(Fault::Wrong(format!(
                "`{link}` is no link of a source: name its address, or the mark of a note such as #12"
            )));
        }
        let title = text("the title of a source", &source.title, NAME_CHARS_MAX)?;
        Ok(TaskSource {
            seen: stands_in(&link, seen),
            title,
            link,
        })
    });
    Ok(TaskSaid {
        sources: sources.collect::<Result<_, Fault>>()?,
        files,
        ..plain(
            TaskKind::Delivery,
            text("the text", &args.text, TASK_FILE_CHARS_MAX)?,
        )
    })
}

/// Whether a link stands in a text as a whole: #1 does not stand in #12, nor 12 in 312.
fn stands_in(link: &str, text: &str) -> bool {
    text.match_indices(link).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let next = text[at + link.len()..].chars().next();
        ![before, next]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
    })
}

fn parse<T: DeserializeOwned>(arguments: &str) -> Result<T, Fault> {
    if arguments.len() > ARGUMENT_BYTES_MAX {
        return Err(Fault::Arguments(format!(
            "they have more than {ARGUMENT_BYTES_MAX} bytes"
        )));
    }
    serde_json::from_str(arguments).map_err(|fault| {
        let fault: String = fault.to_string().chars().take(200).collect();
        Fault::Arguments(fault)
    })
}

/// A text that is neither empty nor endless.
fn text(what: &str, text: &str, most: usize) -> Result<String, Fault> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Fault::Wrong(format!("{what} is empty"))),
        chars if chars > most => Err(Fault::Wrong(format!(
            "{what} has {chars} characters; use at most {most}"
        ))),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_that_were_not_read_are_only_claimed() {
        let arguments = r##"{"text": "Done.", "files": [{"name": "a.md", "text": "x"}],
            "sources": [{"title": "Note", "link": "#1"}, {"title": "Other", "link": "#12"}]}"##;
        let Ok(Deed::Say(said, true)) = read("deliver", arguments, "#12 by @bo: «Bread»", &[])
        else {
            panic!("it delivers");
        };
        let seen: Vec<bool> = said.sources.iter().map(|source| source.seen).collect();
        assert_eq!(seen, [false, true]);
        assert_eq!(said.files.len(), 1);
    }

    #[test]
    fn files_have_names_without_folders_each_once() {
        for name in ["../a", "/etc/a", ".profile", "a\\b", "", "a\nb"] {
            let arguments =
                serde_json::json!({"text": "x", "files": [{"name": name, "text": "x"}]});
            let read = read("deliver", &arguments.to_string(), "", &[]);
            assert!(matches!(read, Err(Fault::Wrong(_))), "{name:?}: {read:?}");
        }
        let twice =
            r#"{"text": "x", "files": [{"name": "a", "text": "x"}, {"name": "a", "text": "y"}]}"#;
        assert!(matches!(
            read("deliver", twice, "", &[]),
            Err(Fault::Wrong(_))
        ));
    }

    #[test]
    fn wrong_types_and_invented_names_are_said() {
        assert!(matches!(
            read("deliver", r#"{"text": 3}"#, "", &[]),
            Err(Fault::Arguments(_))
        ));
        assert!(matches!(
            read("send_key", "{}", "", &[]),
            Err(Fault::Unknown { .. })
        ));
    }
    #[test]
    fn a_link_stands_as_a_whole_or_not_at_all() {
        for (link, text, stands) in [
            ("#12", "see #12.", true),
            ("#1", "see #12", false),
            ("12", "see 312", false),
            ("12", "see #12", true),
            ("äb", "xäb", false),
            ("äb", "äb", true),
        ] {
            assert_eq!(stands_in(link, text), stands, "{link} in {text}");
        }
        let arguments = r#"{"text": "x", "sources": [{"title": "Letter", "link": "a"}]}"#;
        let read = read("deliver", arguments, "a letter: a", &[]);
        assert!(matches!(read, Err(Fault::Wrong(_))), "{read:?}");
    }

    #[test]
    fn more_requirements_than_are_read_are_refused_with_words() {
        let lines = |count: usize| {
            let lines: Vec<String> = (0..count).map(|no| format!("requirement {no}")).collect();
            let arguments = serde_json::json!({ "requirements": lines }).to_string();
            read("restate", &arguments, "", &[])
        };
        assert!(matches!(lines(REQUIREMENTS_MAX), Ok(Deed::Say(_, false))));
        let Err(Fault::Wrong(why)) = lines(REQUIREMENTS_MAX + 1) else {
            panic!("there are too many");
        };
        assert!(why.contains("31") && why.contains("30"), "{why}");
    }

    #[test]
    fn what_is_not_offered_is_not_looked_up() {
        let offered = [Tool::new("search", "", Value::Null)];
        let search = read("search", "{}", "", &offered);
        assert!(matches!(search, Ok(Deed::Look)), "{search:?}");
        let Err(Fault::Unknown { known, .. }) = read("recall", "{}", "", &offered) else {
            panic!("it is not offered");
        };
        assert!(
            known.ends_with("give_up, search") && !known.contains("recall"),
            "{known}"
        );
    }
}
