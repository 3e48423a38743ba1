//! Whether an endpoint takes a JSON schema for the form of its answer. Some servers know no more than `json_object`; they are found out as they are asked.
//!
//! The schema stands in the words of the prompt as well, and answers are read the same way, so nothing else of the request changes.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::order::Teller;
use super::work::Came;
use super::{Ask, Inner};
use crate::wire::{ChatRequest, WireError};

/// What is known of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Schemas {
    /// It was not asked for one so far.
    #[default]
    Unknown,
    /// It has answered by one.
    Taken,
    /// It refused one, and answered without.
    Lacking,
}

impl Schemas {
    /// A request was answered, with its schema or without the one it had.
    pub(super) fn answered(&mut self, by_schema: bool) {
        *self = match by_schema {
            true => Self::Taken,
            false => Self::Lacking,
        };
    }

    /// Whether a fault of a request with a schema may come of that alone. Who never took one may as well choke on it without a word.
    pub(super) fn may_be_why(self, fault: &WireError) -> bool {
        match fault {
            WireError::NoForm { .. } => true,
            WireError::Refused {
                status: 400 | 422, ..
            }
            | WireError::Server(500) => self != Self::Taken,
            _ => false,
        }
    }
}

impl Inner {
    /// Sends a request, and once more at once without its schema where the endpoint knows none.
    pub(super) async fn in_a_form_it_takes(
        self: &Arc<Self>,
        (at, id): (usize, u64),
        ask: &Ask,
        tell: Option<&Teller>,
        request: &mut ChatRequest,
    ) -> (Came, Duration) {
        if has_schema(request) && self.schemas(at) == Schemas::Lacking {
            leave_out(request);
        }
        let by_schema = has_schema(request);
        let mut sent = self.send((at, id), ask, tell, request).await;
        if !by_schema {
            return sent;
        }
        if let Some(Err(fault)) = &sent.0
            && self.schemas(at).may_be_why(fault)
        {
            let url = &self.endpoints[at].0.base_url;
            tracing::info!(endpoint = %url, why = %fault, "a request is sent again without its JSON schema");
            leave_out(request);
            sent = self.send((at, id), ask, tell, request).await;
        }
        if let Some(Ok(_)) = &sent.0 {
            self.lock().schemas[at].answered(has_schema(request));
        }
        sent
    }

    fn schemas(&self, at: usize) -> Schemas {
        self.lock().schemas[at]
    }
}

/// Whether a request asks for an answer by a JSON schema.
pub(super) fn has_schema(request: &ChatRequest) -> bool {
    let form = request.response_format.as_ref();
    form.is_some_and(|form| form["type"] == "json_schema")
}

/// Asks for JSON alone.
pub(super) fn leave_out(request: &mut ChatRequest) {
    request.response_format = Some(json!({"type": "json_object"}));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> WireError {
        WireError::Refused {
            status,
            message: "no".to_owned(),
        }
    }

    #[test]
    fn who_has_answered_by_a_schema_is_doubted_only_where_it_names_the_form() {
        let mut schemas = Schemas::default();
        let named = WireError::NoForm {
            status: 500,
            message: "response_format".to_owned(),
        };
        for fault in [
            &refused(400),
            &refused(422),
            &WireError::Server(500),
            &named,
        ] {
            assert!(schemas.may_be_why(fault), "{fault}");
        }
        for fault in [&refused(413), &WireError::Server(502), &WireError::Cut] {
            assert!(!schemas.may_be_why(fault), "{fault}");
        }
        schemas.answered(true);
        assert!(!schemas.may_be_why(&refused(400)));
        assert!(schemas.may_be_why(&named));
        schemas.answered(false);
        assert_eq!(schemas, Schemas::Lacking);
    }
}
