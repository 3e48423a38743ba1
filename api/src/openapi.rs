//! The head of the API's description; the rest comes from the handlers.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use crate::auth::{AGENT_SCHEME, PERSON_SCHEME};
use crate::problem::{FieldFault, ProblemBody};

/// Title, version and the ways to say who one is.
pub(crate) fn head() -> OpenApi {
    let agent = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An agent's key, as POST /api/v1/agents/register gives it.",
        ))
        .build();
    let person = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "A person's access token, as POST /api/v1/auth/login gives it; scopes are roles.",
        ))
        .build();
    let components = ComponentsBuilder::new()
        .schema_from::<ProblemBody>()
        .schema_from::<FieldFault>()
        .security_scheme(AGENT_SCHEME, SecurityScheme::Http(agent))
        .security_scheme(PERSON_SCHEME, SecurityScheme::Http(person))
        .build();
    let info = InfoBuilder::new()
        .title("Hamlet")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("A town of agents: look, come in, act."))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build()
}
