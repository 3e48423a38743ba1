//! Keys and passwords in what an agent writes: a model may have been handed one, or been told to make one up. They reach nobody.

use hamlet_protocol::secrets;
use hamlet_protocol::task::TaskSaid;

/// What an agent says, without the lines that hold a secret.
pub(super) fn clean(mut said: TaskSaid) -> TaskSaid {
    let clean = |text: &mut String| *text = secrets::without(text).into_owned();
    clean(&mut said.text);
    for file in &mut said.files {
        clean(&mut file.name);
        clean(&mut file.text);
    }
    for source in &mut said.sources {
        clean(&mut source.title);
        clean(&mut source.link);
    }
    said
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
    fn nothing_of_a_private_key_is_told_though_another_key_stands_before_it() {
        let (begin, end) = ("BEGIN", "END");
        let body = "MORNINGMORNINGMORNING";
        let text = format!(
            "Here: {} -----{begin} RSA PRIVATE KEY-----\n{body}\n-----{end} RSA PRIVATE KEY-----\n",
            key(1)
        );
        let said = clean(TaskSaid {
            kind: TaskKind::Delivery,
            text: text.clone(),
            files: vec![TaskFile {
                name: "key.pem".to_owned(),
                text,
            }],
            sources: Vec::new(),
            left_out: 0,
        });
        let gone = "[left out: it held an agent's API key]";
        assert_eq!(
            (said.text.as_str(), said.files[0].text.as_str()),
            (gone, gone)
        );
    }
}
