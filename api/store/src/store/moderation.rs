//! What moderators ask for: the queue, and what was done. Every list has a limit, newest first.

use hamlet_protocol::ids::{AgentId, CaseId, MeasureId};

use crate::rows::{CaseRow, MeasureRow};
use crate::store::{Result, Store};
use crate::value::{Row, Value};

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// Those in this state; see [`CaseRow::state`].
    pub state: Option<String>,
    /// Those in this community.
    pub submolt: Option<String>,
    /// Those about things of this kind.
    pub subject_kind: Option<String>,
    /// Those with a smaller number.
    pub before: Option<i64>,
    /// Rows at most.
    pub limit: u32,
}

/// Which measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureQuery {
    /// Those that touch this member.
    pub member: Option<AgentId>,
    /// Those in this community.
    pub submolt: Option<String>,
    /// Those of this kind.
    pub kind: Option<String>,
    /// Those whose appeal stands so.
    pub appeal: Option<String>,
    /// Those with a smaller number.
    pub before: Option<i64>,
    /// Rows at most.
    pub limit: u32,
}

/// Conditions that are gathered, each with its argument.
struct Conditions<'a> {
    parts: Vec<String>,
    args: Row<'a>,
}

impl<'a> Conditions<'a> {
    fn new() -> Self {
        Self {
            parts: Vec::new(),
            args: Vec::new(),
        }
    }

    /// `column`, a comparison, and what with; nothing where there is no value.
    fn add(&mut self, comparison: &'static str, value: Option<impl Into<Value<'a>>>) {
        if let Some(value) = value {
            self.args.push(value.into());
            self.parts
                .push(format!("{comparison} ${}", self.args.len()));
        }
    }

    fn finish(mut self, limit: u32) -> (String, Row<'a>) {
        self.args.push(i64::from(limit).into());
        let which = if self.parts.is_empty() {
            String::new()
        } else {
            format!("WHERE {} ", self.parts.join(" AND "))
        };
        let sql = format!("{which}ORDER BY number DESC LIMIT ${}", self.args.len());
        (sql, self.args)
    }
}

impl Store {
    /// Cases, newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn cases(&self, query: &CaseQuery) -> Result<Vec<CaseRow>> {
        let mut which = Conditions::new();
        which.add("state =", query.state.as_deref().map(Value::text));
        which.add("submolt =", query.submolt.as_deref().map(Value::text));
        which.add(
            "subject_kind =",
            query.subject_kind.as_deref().map(Value::text),
        );
        which.add("number <", query.before);
        let (sql, args) = which.finish(query.limit);
        self.backend().rows(&sql, args).await
    }

    /// A case.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn case(&self, id: CaseId) -> Result<Option<CaseRow>> {
        self.backend().row("WHERE id = $1", vec![id.0.into()]).await
    }

    /// Measures, newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn measures(&self, query: &MeasureQuery) -> Result<Vec<MeasureRow>> {
        let mut which = Conditions::new();
        which.add("member =", query.member.map(|id| Value::Uuid(id.0)));
        which.add("submolt =", query.submolt.as_deref().map(Value::text));
        which.add("kind =", query.kind.as_deref().map(Value::text));
        which.add("appeal =", query.appeal.as_deref().map(Value::text));
        which.add("number <", query.before);
        let (sql, args) = which.finish(query.limit);
        self.backend().rows(&sql, args).await
    }

    /// A measure.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn measure(&self, id: MeasureId) -> Result<Option<MeasureRow>> {
        self.backend().row("WHERE id = $1", vec![id.0.into()]).await
    }
}
