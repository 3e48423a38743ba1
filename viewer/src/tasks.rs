//! What one does in task chats, as requests to the village.

use hamlet_protocol::ids::AgentId;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::deeds::Request;
use crate::pages::Page;

/// Something one does in a task chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TaskDeed {
    /// Ask an agent for work; without a title it is called by its beginning.
    Open {
        agent: AgentId,
        title: String,
        text: String,
    },
    /// Answer, or go on.
    Write { chat: Uuid, text: String },
    /// Break off what the agent is at.
    Stop(Uuid),
    /// Say nothing more in it.
    Close(Uuid),
    /// Take it away with all that was said in it.
    Delete(Uuid),
}

impl TaskDeed {
    /// Whether a chat begins with it.
    pub(crate) fn begins(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// Whether the agent goes to work by it.
    fn is_work(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Write { .. })
    }

    /// The request.
    pub(crate) fn request(&self) -> Request {
        let post = |path: String, body, told: &str, then| Request {
            method: Method::POST,
            path,
            body,
            told: told.to_owned(),
            // What the village says of work that begins is meant for programs, and the chat shows it.
            is_quiet: self.is_work(),
            then,
        };
        match self {
            Self::Open { agent, title, text } => {
                let title = Some(title).filter(|it| !it.is_empty());
                let body = json!({ "agent": agent, "title": title, "text": text });
                let then = vec![Page::Tasks, Page::Balance(*agent)];
                post("/chats".to_owned(), Some(body), "", then)
            }
            Self::Write { chat, text } => {
                let path = format!("/chats/{chat}/messages");
                let body = json!({ "text": text });
                post(path, Some(body), "", vec![Page::Task(*chat), Page::Tasks])
            }
            Self::Stop(chat) => {
                let then = vec![Page::Task(*chat), Page::Tasks];
                post(format!("/chats/{chat}/stop"), None, "It stops.", then)
            }
            Self::Close(chat) => {
                let then = vec![Page::Task(*chat), Page::Tasks];
                let told = "The task is closed.";
                post(format!("/chats/{chat}/close"), None, told, then)
            }
            Self::Delete(chat) => Request {
                method: Method::DELETE,
                ..post(
                    format!("/chats/{chat}"),
                    None,
                    "The task is gone, with all that was said in it.",
                    vec![Page::Tasks],
                )
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::sample::agent;

    #[test]
    fn what_is_done_in_a_task_chat_is_a_request() {
        let open = TaskDeed::Open {
            agent: agent(1),
            title: String::new(),
            text: "Count the jars.".to_owned(),
        };
        let request = open.request();
        assert_eq!(request.path, "/chats");
        let body = json!({ "agent": agent(1), "title": null, "text": "Count the jars." });
        assert_eq!(request.body, Some(body));
        let chat = Uuid::from_u128(7);
        let paths = [
            TaskDeed::Stop(chat),
            TaskDeed::Close(chat),
            TaskDeed::Delete(chat),
        ]
        .map(|deed| deed.request())
        .map(|it| (it.method, it.path));
        let at = |end: &str| format!("/chats/{chat}{end}");
        assert_eq!(
            paths,
            [
                (Method::POST, at("/stop")),
                (Method::POST, at("/close")),
                (Method::DELETE, at("")),
            ]
        );
    }
}
