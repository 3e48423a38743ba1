//! What is done when somebody's personal data is deleted.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use crate::plan::Step;
use crate::rows::{Forget, ForgetWhom};
use crate::tables::number;
use crate::value::{Row, Value};

/// The statements of a [`Forget`].
pub(crate) fn forget(whom: Forget) -> Vec<Step<'static>> {
    match whom.whom {
        ForgetWhom::Account(account) => forget_account(account, whom.at_ms),
        ForgetWhom::Agent(agent) => forget_agent(agent),
    }
}

fn forget_account(account: Uuid, at_ms: i64) -> Vec<Step<'static>> {
    let name = deleted_name(account);
    let member = |sql_text: &str| {
        let who = "(SELECT member FROM accounts WHERE id = $1)";
        sql(&sql_text.replace("MEMBER", who), vec![account.into()])
    };
    vec![
        sql(
            "UPDATE accounts SET name = $2, name_key = $2, display_name = '', email = NULL, password_hash = NULL, \
             status = 'deleted', auth_generation = auth_generation + 1, changed_ms = $3 WHERE id = $1",
            vec![account.into(), Value::text(name), at_ms.into()],
        ),
        // As a member they keep their number and what they wrote, but no name.
        sql(
            "UPDATE agents SET name = $2, name_key = $2, display_name = '', description = '' \
             WHERE id = (SELECT member FROM accounts WHERE id = $1)",
            vec![account.into(), Value::text(deleted_name(account))],
        ),
        // What they wrote to others is theirs alone, unlike what they wrote in public.
        member("UPDATE messages SET text = '' WHERE author = MEMBER"),
        member("DELETE FROM notifications WHERE agent = MEMBER"),
        member(
            "UPDATE events SET body = '{}' \
             WHERE kind IN ('person', 'profile', 'message', 'notice') AND agent = MEMBER",
        ),
        member(
            "DELETE FROM webhook_deliveries WHERE webhook IN (SELECT id FROM webhooks WHERE member = MEMBER)",
        ),
        member("DELETE FROM webhooks WHERE member = MEMBER"),
        member(
            "DELETE FROM task_messages WHERE chat IN (SELECT id FROM task_chats WHERE person = MEMBER)",
        ),
        member("DELETE FROM task_chats WHERE person = MEMBER"),
        sql(
            "DELETE FROM sessions WHERE account = $1",
            vec![account.into()],
        ),
        sql(
            "DELETE FROM tickets WHERE subject = $1",
            vec![account.into()],
        ),
        sql(
            "DELETE FROM api_keys WHERE account = $1",
            vec![account.into()],
        ),
        sql(
            "UPDATE claims SET account = NULL WHERE account = $1",
            vec![account.into()],
        ),
        sql(
            "UPDATE agent_records SET owner = NULL WHERE owner = $1",
            vec![account.into()],
        ),
        outcomes(format!("person:{account}")),
        counters(format!("person:{account}")),
        sql(
            "DELETE FROM avatars WHERE subject = $1",
            vec![account.into()],
        ),
    ]
}

fn deleted_name(account: Uuid) -> String {
    format!("deleted-{}", account.simple())
}

fn forget_agent(agent: AgentId) -> Vec<Step<'static>> {
    let id = agent.0;
    vec![
        sql(
            "UPDATE agent_records SET status = 'deleted', description = '' WHERE agent = $1",
            vec![id.into()],
        ),
        sql(
            "UPDATE agents SET display_name = name, description = '' WHERE id = $1",
            vec![id.into()],
        ),
        sql("DELETE FROM api_keys WHERE agent = $1", vec![id.into()]),
        sql("DELETE FROM claims WHERE agent = $1", vec![id.into()]),
        sql("DELETE FROM tickets WHERE subject = $1", vec![id.into()]),
        sql("DELETE FROM avatars WHERE subject = $1", vec![id.into()]),
        sql("DELETE FROM memories WHERE agent = $1", vec![id.into()]),
        sql(
            "DELETE FROM edits WHERE target IN (SELECT id FROM posts WHERE author = $1) \
             OR target IN (SELECT id FROM comments WHERE author = $1)",
            vec![id.into()],
        ),
        sql(
            "UPDATE posts SET title = '', text = '', url = NULL, flair = NULL, tags = '' WHERE author = $1",
            vec![id.into()],
        ),
        sql(
            "UPDATE comments SET text = '' WHERE author = $1",
            vec![id.into()],
        ),
        outcomes(format!("agent:{id}")),
        counters(format!("agent:{id}")),
        sql(
            "UPDATE messages SET text = '' WHERE author = $1",
            vec![id.into()],
        ),
        sql(
            "DELETE FROM notifications WHERE agent = $1",
            vec![id.into()],
        ),
        sql(
            "DELETE FROM webhook_deliveries WHERE webhook IN (SELECT id FROM webhooks WHERE member = $1)",
            vec![id.into()],
        ),
        sql("DELETE FROM webhooks WHERE member = $1", vec![id.into()]),
        // Without an index: this is rare, and an index on every event would not be.
        sql(
            "UPDATE events SET body = '{}' WHERE agent = $1",
            vec![id.into()],
        ),
    ]
}

/// The statements of a webhook that is gone.
pub(crate) fn forget_webhook(id: Uuid) -> Vec<Step<'static>> {
    vec![
        sql(
            "DELETE FROM webhook_deliveries WHERE webhook = $1",
            vec![id.into()],
        ),
        sql("DELETE FROM webhooks WHERE id = $1", vec![id.into()]),
    ]
}

/// The statement that deletes memories: these, or all with a smaller number.
pub(crate) fn forget_memories(agent: AgentId, nos: Option<&[u64]>, below: u64) -> Step<'static> {
    match nos {
        Some(nos) => {
            // Numbers, which need no quotes; as many as an agent has rows, so that no list of parameters would do.
            let list: Vec<String> = nos.iter().map(u64::to_string).collect();
            sql(
                &format!(
                    "DELETE FROM memories WHERE agent = $1 AND no IN ({})",
                    list.join(", ")
                ),
                vec![agent.0.into()],
            )
        }
        None => sql(
            "DELETE FROM memories WHERE agent = $1 AND no < $2",
            vec![agent.0.into(), number(below)],
        ),
    }
}

/// The statements of a task chat that is gone.
pub(crate) fn forget_task(id: Uuid) -> Vec<Step<'static>> {
    vec![
        sql("DELETE FROM task_messages WHERE chat = $1", vec![id.into()]),
        sql("DELETE FROM task_chats WHERE id = $1", vec![id.into()]),
    ]
}

/// What came of somebody's requests: it may hold what they wrote.
fn outcomes(scope: String) -> Step<'static> {
    sql(
        "DELETE FROM idempotency WHERE scope = $1",
        vec![Value::text(scope)],
    )
}

/// How much of their limits somebody used.
fn counters(subject: String) -> Step<'static> {
    sql(
        "DELETE FROM windows WHERE subject = $1",
        vec![Value::text(subject)],
    )
}

fn sql(sql: &str, args: Row<'static>) -> Step<'static> {
    Step::Sql {
        sql: sql.to_owned(),
        args,
    }
}
