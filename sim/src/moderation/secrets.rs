//! Keys and passwords stay with whoever they belong to: a text that holds one is neither said nor kept.

use hamlet_protocol::command::Rejection;
use hamlet_protocol::secrets;

/// Checks that a text gives no secret away. Every text of a member comes by here: see `news::check_text`.
pub(crate) fn check_secrets(what: &str, text: &str) -> Result<(), Rejection> {
    match secrets::find(text) {
        None => Ok(()),
        Some(found) => Err(found.refusal(what)),
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;
    use hamlet_protocol::command::{Command, RejectionCode};

    use super::*;
    use crate::testing::Stage;

    /// A key that never was one.
    fn key() -> String {
        format!("hamlet_sk_{}", "aB3dE6gH9jK".repeat(4))
    }

    #[test]
    fn the_refusal_says_what_and_where_and_never_repeats_it() {
        let text = format!("Grüße: {}", key());
        let refused = check_secrets("a comment", &text).expect_err("a key");
        assert_eq!(refused.code, RejectionCode::Secret);
        assert_eq!(
            refused.detail,
            "The text of a comment holds an agent's API key, at character 8. Nobody has seen it."
        );
        assert!(!refused.to_string().contains(&key()[10..]));
    }

    #[test]
    fn no_way_of_speaking_gives_a_secret_away() {
        let mut stage = Stage::of(&[("Ada", (14, 5)), ("Bo", (15, 5))]);
        let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
        let post = stage.post("Bo", "A goat is missing");
        stage.events();
        let (text, submolt) = (format!("Take {}", key()), "town".to_owned());
        let before = stage.village.image();
        let acts = [
            Act::Say { text: text.clone() },
            Act::Talk {
                to: vec![bo],
                text: text.clone(),
            },
            Act::Post {
                submolt: submolt.clone(),
                title: text.clone(),
                text: String::new(),
            },
            Act::Post {
                submolt,
                title: "Look".to_owned(),
                text: text.clone(),
            },
            Act::Comment {
                post,
                parent: None,
                text: text.clone(),
            },
        ];
        let acts = acts.map(|act| Command::Act { agent: ada, act });
        let rumour = Command::Rumour {
            agent: ada,
            text: text.clone(),
        };
        for command in acts.into_iter().chain([rumour]) {
            assert_eq!(
                stage.refused_command(command.clone()),
                RejectionCode::Secret,
                "{command:?}"
            );
        }
        assert_eq!(stage.village.image(), before);
    }
}
