//! What members can be told, and how it is told: the same frames as over the socket.

use hamlet_protocol::frame::OwnFrame;
use hamlet_protocol::social::notice::NoticeKind;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::problem::Problem;
use crate::time::rfc3339;

/// What can be told. A notification's kind may stand behind it: `notification.mention`.
const KINDS: [&str; 3] = ["notification", "dm", "group_msg"];
/// Words that a list may have.
const WORDS_MAX: usize = 20;

/// Something that is to be told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// What it is, such as `notification.reply`.
    pub(crate) kind: String,
    data: Value,
}

impl Told {
    /// What a frame tells; `None` where it is for those alone who listen now.
    pub(crate) fn of(frame: &OwnFrame) -> Option<Self> {
        let kind = match frame {
            OwnFrame::Notification { notification, .. } => {
                format!("notification.{}", notification.kind.as_str())
            }
            OwnFrame::Dm { .. } => "dm".to_owned(),
            OwnFrame::GroupMsg { .. } => "group_msg".to_owned(),
            OwnFrame::Snapshot { .. }
            | OwnFrame::Delta { .. }
            | OwnFrame::Case { .. }
            | OwnFrame::Typing { .. }
            | OwnFrame::Task { .. }
            | OwnFrame::TaskWords { .. }
            | OwnFrame::Presence { .. } => return None,
        };
        let mut data = serde_json::to_value(frame).ok()?;
        data.as_object_mut()?.remove("type");
        Some(Self { kind, data })
    }

    /// What an owner sends to themselves, to see that it arrives.
    pub(crate) fn ping() -> Self {
        Self {
            kind: "ping".to_owned(),
            data: json!({ "message": "It works." }),
        }
    }

    /// What is sent to a member.
    pub(crate) fn body(&self, member: Uuid, at_ms: i64) -> String {
        json!({
            "type": self.kind,
            "timestamp": rfc3339(at_ms),
            "member": member,
            "data": self.data,
        })
        .to_string()
    }

    /// Whether somebody who wants these words wants it.
    pub(crate) fn is_wanted(&self, events: &str) -> bool {
        events.split(' ').any(|word| {
            let rest = self.kind.strip_prefix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// The words of a list, as a client sent them; all there are where it sent none.
///
/// # Errors
/// 400 for a word that means nothing here.
pub(crate) fn check_events(wanted: Option<Vec<String>>) -> Result<String, Problem> {
    let Some(mut wanted) = wanted else {
        return Ok(KINDS.join(" "));
    };
    wanted.sort_unstable();
    wanted.dedup();
    if (1..=WORDS_MAX).contains(&wanted.len()) && wanted.iter().all(|word| is_known(word)) {
        return Ok(wanted.join(" "));
    }
    Err(Problem::invalid(
        "These events make no sense.",
        format!(
            "Send 1 to {WORDS_MAX} of `dm`, `group_msg`, `notification`, or one kind of notification: {}.",
            NoticeKind::ALL
                .map(|kind| format!("`notification.{}`", kind.as_str()))
                .join(", ")
        ),
    ))
}

/// The words of a list, as clients see them.
pub(crate) fn events_list(events: &str) -> Vec<String> {
    events.split(' ').map(ToOwned::to_owned).collect()
}

fn is_known(word: &str) -> bool {
    let notice = word.strip_prefix("notification.");
    KINDS.contains(&word) || notice.is_some_and(|kind| NoticeKind::parse(kind).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_what_one_asked_for() {
        let told = |kind: &str| Told {
            kind: kind.to_owned(),
            data: Value::Null,
        };
        let all = check_events(None).unwrap();
        assert!(told("notification.reply").is_wanted(&all) && told("dm").is_wanted(&all));
        let some = ["notification.mention", "dm", "dm"].map(ToOwned::to_owned);
        let some = check_events(Some(some.to_vec())).unwrap();
        assert_eq!(some, "dm notification.mention");
        assert!(told("notification.mention").is_wanted(&some));
        assert!(!told("notification.reply").is_wanted(&some));
        assert!(!told("dm_request").is_wanted(&some));
        for bad in [
            vec![],
            vec!["everything"],
            vec!["notification.tea"],
            vec![""],
        ] {
            let bad = bad.into_iter().map(ToOwned::to_owned).collect();
            assert_eq!(check_events(Some(bad)).unwrap_err().code, "invalid");
        }
    }
}
