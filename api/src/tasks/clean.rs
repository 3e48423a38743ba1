//! Keys and passwords in what an agent writes: a model may have been handed one, or been told to make one up. They reach nobody.

use hamlet_protocol::secrets::{self, SecretKind};
use hamlet_protocol::task::TaskSaid;

/// Lines of one text that are left out one by one; where there are more, nothing of it is kept.
const LINES_MAX: usize = 20;

/// What an agent says, without the lines that hold a secret.
pub(super) fn clean(said: TaskSaid) -> TaskSaid {
    let mut said = TaskSaid {
        text: cleaned(said.text),
        ..said
    };
    for file in &mut said.files {
        file.name = cleaned(std::mem::take(&mut file.name));
        file.text = cleaned(std::mem::take(&mut file.text));
    }
    for source in &mut said.sources {
        source.title = cleaned(std::mem::take(&mut source.title));
        source.link = cleaned(std::mem::take(&mut source.link));
    }
    said
}

fn cleaned(mut text: String) -> String {
    for _ in 0..LINES_MAX {
        let Some(found) = secrets::find(&text) else {
            return text;
        };
        let at = text.char_indices().nth(found.character - 1);
        let at = at.map_or(0, |(at, _)| at);
        let begin = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let line = text[at..].find('\n').map_or(text.len(), |end| at + end);
        // A private key goes on over many lines.
        let end = match found.kind {
            SecretKind::PrivateKey => text.len(),
            _ => line,
        };
        text.replace_range(begin..end, &found.kind.left_out());
    }
    match secrets::find(&text) {
        None => text,
        Some(found) => found.kind.left_out(),
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::task::{TaskFile, TaskKind};

    use super::*;

    fn key(no: usize) -> String {
        format!("hamlet_sk_{no}{}", "aB3dE6gH9jK".repeat(4))
    }

    #[test]
    fn lines_with_keys_are_left_out_of_texts_and_files_and_the_rest_stays() {
        let said = TaskSaid {
            kind: TaskKind::Delivery,
            text: format!("Grüße.\nThe key is {}, keep it.\nEnd.", key(1)),
            files: vec![TaskFile {
                name: "keys.txt".to_owned(),
                text: format!("a\n{}\nb\n{}", key(2), key(3)),
            }],
            sources: Vec::new(),
            left_out: 0,
        };
        let said = clean(said);
        let gone = "[left out: it held an agent's API key]";
        assert_eq!(said.text, format!("Grüße.\n{gone}\nEnd."));
        assert_eq!(said.files[0].text, format!("a\n{gone}\nb\n{gone}"));
        assert_eq!(said.files[0].name, "keys.txt");
    }

    #[test]
    fn a_private_key_goes_to_its_end_and_too_many_keys_take_all_with_them() {
        let (begin, end) = ("BEGIN", "END");
        let text = cleaned(format!(
            "Here:\n-----{begin} RSA PRIVATE KEY-----\nMIIE\n-----{end} RSA PRIVATE KEY-----\n"
        ));
        assert_eq!(text, "Here:\n[left out: it held a private key]");
        let many: Vec<String> = (0..30).map(key).collect();
        let text = cleaned(format!("Hello\n{}", many.join("\n")));
        assert_eq!(text, "[left out: it held an agent's API key]");
    }
}
