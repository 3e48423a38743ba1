//! What every operation may answer besides its own, written once: [`complete`] adds to the description what the layers in front of the
//! handlers refuse, so that a handler declares only what it answers itself.
//!
//! | where | adds |
//! |---|---|
//! | every operation | 429 |
//! | an operation that looks at keys | 401, 403 |
//! | one with parameters | 400 |
//! | one with parameters in its path | 404 |
//! | an unsafe one (`Idempotency-Key`, the way of a command) | 400, 408, 409, 413, 422, 503 and the header parameter |
//! | one with a JSON body | 415 |
//!
//! Each operation's id gets its family's name in front, so that two families may both have a `register`.
//! A status that the handler declares itself stays as it is, and every problem is `application/problem+json`.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};

/// Media type of a problem.
const PROBLEM: &str = "application/problem+json";
/// Where a problem's schema stands.
const PROBLEM_SCHEMA: &str = "#/components/schemas/ProblemBody";

/// Paths whose operations take no `Idempotency-Key`: who signs in or out, or proves who they are, gets secrets that are told once, or is
/// somebody else afterwards. None of them does harm when it comes twice.
const UNKEYED: [&str; 7] = [
    "/auth/login",
    "/auth/logout",
    "/auth/password",
    "/auth/setup",
    "/auth/reset",
    "/auth/me",
    "/reset-password",
];

/// Adds to every operation what the layers in front of its handler may answer.
pub(crate) fn complete(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let keyed = !UNKEYED.iter().any(|unkeyed| path.ends_with(unkeyed));
        for (safe, operation) in operations(item) {
            complete_one(operation, safe);
            if !safe && keyed {
                let parameters = operation.parameters.get_or_insert_default();
                parameters.push(idempotency().into());
            }
        }
    }
}

/// The operations of a path, and whether they are safe.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    [
        (true, &mut item.get),
        (true, &mut item.head),
        (true, &mut item.options),
        (false, &mut item.put),
        (false, &mut item.post),
        (false, &mut item.delete),
        (false, &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(safe, operation)| Some((safe, operation.as_mut()?)))
}

fn complete_one(operation: &mut Operation, safe: bool) {
    qualify(operation);
    let (in_path, in_query) = parameters(operation);
    let looks_at_keys = looks_at_keys(operation);
    let has_body = operation.request_body.is_some();
    let mut add = |when: bool, status: &str, what: &str| {
        if when && !operation.responses.responses.contains_key(status) {
            let answer = RefOr::T(problem(what));
            operation
                .responses
                .responses
                .insert(status.to_owned(), answer);
        }
    };
    add(
        in_path || in_query || !safe,
        "400",
        "A parameter, header or the JSON makes no sense",
    );
    add(
        looks_at_keys,
        "401",
        "No key, or one that is unknown, revoked or expired",
    );
    add(looks_at_keys, "403", "Known, but not allowed to do this");
    add(in_path, "404", "There is no such thing");
    add(!safe, "408", "The request came too slowly");
    add(
        !safe,
        "409",
        "It contradicts what is there, or a request with this Idempotency-Key is still running",
    );
    add(!safe, "413", "The body is too large");
    add(has_body, "415", "The body is not JSON");
    add(
        !safe,
        "422",
        "The body does not fit, or this Idempotency-Key was used for another request",
    );
    add(
        true,
        "429",
        "Too many requests; `Retry-After` says how long to wait",
    );
    add(
        !safe,
        "503",
        "Not now: the village is paused or has too much to do; `Retry-After` says when to try again",
    );
    for answer in operation.responses.responses.values_mut() {
        if let RefOr::T(answer) = answer {
            as_problem(answer);
        }
    }
}

/// A handler's name is its own in its family only: `people_register`, `identity_register`.
fn qualify(operation: &mut Operation) {
    let family = operation.tags.iter().flatten().next();
    if let (Some(family), Some(id)) = (family, &operation.operation_id) {
        operation.operation_id = Some(format!("{family}_{id}"));
    }
}

/// Whether there are parameters in the path, and in the query.
fn parameters(operation: &Operation) -> (bool, bool) {
    let all = || operation.parameters.iter().flatten();
    let any = |wanted: &ParameterIn| {
        all().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == *wanted,
            RefOr::Ref(_) => false,
        })
    };
    (any(&ParameterIn::Path), any(&ParameterIn::Query))
}

/// Whether the gate looks at keys here: it does not where only the empty requirement is declared.
fn looks_at_keys(operation: &Operation) -> bool {
    let declared = operation.security.iter().flatten();
    declared
        .filter_map(|requirement| serde_json::to_value(requirement).ok())
        .any(|requirement| {
            requirement
                .as_object()
                .is_some_and(|schemes| !schemes.is_empty())
        })
}

fn problem(what: &str) -> Response {
    let content = Content::new(Some(Ref::new(PROBLEM_SCHEMA)));
    ResponseBuilder::new()
        .description(what)
        .content(PROBLEM, content)
        .build()
}

/// Problems are declared with `body = ProblemBody`; this gives them their media type.
fn as_problem(answer: &mut Response) {
    let is_problem = answer.content.get("application/json").is_some_and(|content| {
        matches!(content, RefOr::T(content)
            if matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location == PROBLEM_SCHEMA))
    });
    if is_problem && let Some(content) = answer.content.shift_remove("application/json") {
        answer.content.insert(PROBLEM.to_owned(), content);
    }
}

fn idempotency() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "1 to 255 visible ASCII characters, in double quotes or without. The same key with the same request gives the same outcome for 24 hours, and nothing happens twice.",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(257))
                .pattern(Some("^([!#-~]{1,255}|\"[!#-~]{1,255}\")$")),
        ))
        .build()
}
