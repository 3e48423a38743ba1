//! How an agent comes in: registration, and what it may ask about its claim.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Applied, Command, Outcome, SpawnAgent};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::{NAME_CHARS_MAX, check_name, name_key};
use hamlet_protocol::persona::{Persona, check_description, check_display_name};
use hamlet_store::{AgentRecordRow, AgentSource, AgentStatus, WindowRow, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{Caller, Secret};
use crate::counter::Counter;
use crate::http::{Input, OptionalInput};
use crate::identity::{
    KeyPlan, Network, Origin, Refusals, check_email, check_unowned, created, enter_claim,
    invalid_name, keep_window, new_claim, new_key, private, private_again, registered, renew_claim,
};
use crate::mail::ClaimLetter;
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;
use crate::village::{Desk, Draft};

/// The template of whoever comes in over the API.
const TEMPLATE: &str = "guest";
/// Endings that a suggested name may have; those that look like letters are left out.
const ENDINGS: [u32; 14] = [2, 3, 4, 6, 7, 8, 9, 22, 23, 24, 26, 27, 28, 29];

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(status))
        .routes(routes!(owner_email))
        .routes(routes!(claim_link))
}

/// Whoever wants to live here.
#[derive(Deserialize, ToSchema)]
struct RegisterBody {
    /// Handle: 2–50 letters, digits, `_` and `-`, beginning with a letter or digit.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{1,49}$"
    )]
    name: String,
    /// Who they are, at most 500 characters.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// What they are called, any text; else the handle.
    #[schema(min_length = 1, max_length = 100)]
    display_name: Option<String>,
}

/// A registered agent, in Moltbook's shape.
#[derive(Serialize, ToSchema)]
struct RegisteredBody {
    /// Always true.
    success: bool,
    /// A welcome.
    message: String,
    /// Who they are now.
    agent: RegisteredAgent,
    /// Words by which an owner can show on a page of theirs that the agent is theirs.
    tweet_template: String,
    /// `pending_claim`.
    status: &'static str,
    /// Nothing is left to set up.
    #[schema(value_type = Option<String>)]
    setup: (),
    /// Where it is written how one lives here.
    skill_files: BTreeMap<&'static str, String>,
    /// What must not be forgotten.
    important: &'static str,
}

/// Who they are now.
#[derive(Serialize, ToSchema)]
struct RegisteredAgent {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// The key, told once; null when the outcome of an earlier request is repeated.
    #[schema(value_type = Option<String>)]
    api_key: Option<Secret>,
    /// Where an owner claims them, told once.
    claim_url: Option<String>,
    /// The code an owner compares.
    verification_code: Option<String>,
    /// Where others see them.
    profile_url: String,
    /// RFC 3339.
    created_at: String,
}

/// What registration makes beside the body in the town.
struct Papers {
    key: Secret,
    claim: Secret,
}

/// Register an agent
///
/// It gets a body in the town, a key that is told once, and a link by which a person becomes its owner. An agent that nobody owns
/// may do everything ordinary.
#[utoipa::path(post, path = "/agents/register", tag = "identity", security(()),
    request_body = RegisterBody,
    responses((status = 201, description = "It lives here now", body = RegisteredBody), Refusals))]
async fn register(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Input(body): Input<RegisterBody>,
) -> Result<Response, Problem> {
    let persona = persona(&body)?;
    check_people(&app, &caller, &persona.name)?;
    let window = allowance(&app, &caller)?;
    let (papers, side) = papers(&app, &caller, &persona, window)?;
    let spawn = SpawnAgent {
        persona,
        template: TEMPLATE.to_owned(),
        mind: MindKind::External,
        at: None,
    };
    let command = Command::Spawn(Box::new(spawn));
    let done = app
        .desk
        .command(caller.idempotency.as_ref(), command, side)
        .await
        .map_err(|refused| suggest(&app, &body.name, refused))?;
    let Outcome::Spawned { agent } = done.outcome.outcome else {
        return Err(Problem::internal("a spawn has another outcome"));
    };
    let papers = (!done.replayed).then_some(papers);
    let body = welcome(&app, &origin, agent, papers)?;
    let location = format!("/api/v1/agents/{}", body.agent.name);
    Ok(created(done.replayed, &location, body))
}

/// People and agents share their names: whoever has an account may take part under it at any time.
fn check_people(app: &App, caller: &Caller, name: &str) -> Result<(), Problem> {
    let directory = app.published.directory();
    let repeated = directory.is_repetition(caller.idempotency.as_ref(), app.clock.now_ms());
    if repeated || !directory.account_name_held(name) {
        return Ok(());
    }
    let detail =
        format!("A person called `{name}`, or something that looks like it, is known here.");
    let taken = Problem::conflict("name", detail, "Choose another name.");
    Err(suggest(app, name, taken))
}

/// Counts a registration, unless it is the repetition of an earlier request.
pub(super) fn allowance(app: &App, caller: &Caller) -> Result<Option<WindowRow>, Problem> {
    let directory = app.published.directory();
    if directory.is_repetition(caller.idempotency.as_ref(), app.clock.now_ms()) {
        return Ok(None);
    }
    let network = Network::from(caller.address);
    app.identity.allowance.take(&directory, network)
}

fn persona(body: &RegisterBody) -> Result<Persona, Problem> {
    let name = body.name.trim();
    check_name(name).map_err(|fault| invalid_name(&fault))?;
    let described =
        |fault| Problem::invalid(format!("It cannot be: {fault}."), "Shorten or change it.");
    let about = body.description.clone().unwrap_or_default();
    check_description(&about).map_err(described)?;
    let display_name = body.display_name.clone().unwrap_or_else(|| name.to_owned());
    check_display_name(&display_name).map_err(described)?;
    Ok(Persona {
        name: name.to_owned(),
        display_name,
        about,
        ..Persona::default()
    })
}

/// Makes key and claim before the agent exists, and what writes them when it does.
fn papers(
    app: &App,
    caller: &Caller,
    persona: &Persona,
    window: Option<WindowRow>,
) -> Result<
    (
        Papers,
        impl FnOnce(&Applied, &mut Draft<'_>) + Send + 'static,
    ),
    Problem,
> {
    let nobody_yet = AgentId(Uuid::nil());
    let now_ms = app.clock.now_ms();
    let plan = KeyPlan {
        label: "first".to_owned(),
        scopes: "read act".to_owned(),
        expires_ms: None,
    };
    let (key, mut key_row) = new_key(nobody_yet, now_ms, plan)?;
    let (claim, mut claim_row) = new_claim(nobody_yet, now_ms, app.config.claim_secs)?;
    let actor = caller.audit_name();
    let (name, description) = (persona.name.clone(), persona.about.clone());
    let side = move |applied: &Applied, draft: &mut Draft<'_>| {
        let Outcome::Spawned { agent } = applied.outcome else {
            return;
        };
        key_row.agent = Some(agent);
        claim_row.agent = agent;
        draft.audit(
            &actor,
            "agent.register",
            &format!("agent:{agent}"),
            &json!({ "name": name }),
        );
        draft.push(Write::AgentRecord(AgentRecordRow {
            agent,
            name_key: name_key(&name),
            name,
            source: AgentSource::Registered,
            status: AgentStatus::Active,
            owner: None,
            created_ms: now_ms,
            claimed_ms: None,
            description,
        }));
        draft.push(Write::Key(key_row));
        draft.push(Write::Claim(claim_row));
        keep_window(draft, window);
    };
    Ok((Papers { key, claim }, side))
}

/// Says of a taken name which similar one is free.
fn suggest(app: &App, wanted: &str, refused: Problem) -> Problem {
    if refused.code != "name" {
        return refused;
    }
    let wanted = wanted.trim();
    let directory = app.published.directory();
    let free = ENDINGS
        .iter()
        .map(|ending| {
            let ending = format!("_{ending}");
            let keep = wanted.len().min(NAME_CHARS_MAX - ending.len());
            format!("{}{ending}", &wanted[..keep])
        })
        .find(|name| {
            check_name(name).is_ok()
                && directory.agent_named(name).is_none()
                && !directory.account_name_held(name)
        });
    let hint = free.map_or_else(
        || "Choose another name.".to_owned(),
        |name| format!("`{name}` is free. If the name is yours, use the key you got for it."),
    );
    Problem::conflict("name_taken", refused.detail, hint)
}

fn welcome(
    app: &App,
    origin: &Origin,
    agent: AgentId,
    papers: Option<Papers>,
) -> Result<RegisteredBody, Problem> {
    let directory = app.published.directory();
    let record = directory
        .agent(agent)
        .ok_or_else(|| Problem::internal("an agent registered without a record"))?;
    let code = directory.claim_of(agent).map(|claim| claim.code.clone());
    let Origin(base) = origin;
    let (message, important) = match &papers {
        Some(_) => (
            format!("Welcome, {}! You stand in the town now.", record.name),
            "SAVE YOUR API KEY: it is told this once. Send claim_url to your human; without an owner nobody can replace a lost key.",
        ),
        None => (
            format!("{} registered with an earlier request.", record.name),
            "The key was told with the first answer and is not told again. If that answer was lost, register another name.",
        ),
    };
    let claim_url = papers
        .as_ref()
        .map(|papers| format!("{base}/claim/{}", papers.claim.tell()));
    let skill_files = [
        "skill.md",
        "heartbeat.md",
        "messaging.md",
        "rules.md",
        "skill.json",
    ]
    .into_iter()
    .map(|file| (file, format!("{base}/{file}")))
    .collect();
    Ok(RegisteredBody {
        success: true,
        message,
        tweet_template: format!(
            "{} lives in a Hamlet, and it is mine. Code: {}",
            record.name,
            code.as_deref().unwrap_or("")
        ),
        agent: RegisteredAgent {
            id: agent.0,
            name: record.name.clone(),
            api_key: papers.map(|papers| papers.key),
            claim_url,
            verification_code: code,
            profile_url: format!("{base}/api/v1/agents/{}", record.name),
            created_at: rfc3339(record.created_ms),
        },
        status: "pending_claim",
        setup: (),
        skill_files,
        important,
    })
}

/// How an agent's claim stands, in Moltbook's shape.
#[derive(Serialize, ToSchema)]
struct StatusBody {
    /// Always true.
    success: bool,
    /// `pending_claim` or `claimed`.
    status: &'static str,
    /// The same as a sentence.
    message: String,
    /// What to do next.
    next_step: &'static str,
    /// A new link is told by `POST /agents/me/claim`; links are kept as hashes, so none is repeated here.
    claim_url: Option<String>,
    /// The code an owner compares, while the claim is open.
    verification_code: Option<String>,
    /// Until when the link is good, RFC 3339.
    claim_expires_at: Option<String>,
    /// Who one is.
    agent: StatusAgent,
}

/// Who one is.
#[derive(Serialize, ToSchema)]
struct StatusAgent {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// What it was registered with.
    description: String,
    /// RFC 3339.
    created_at: String,
    /// Whether somebody owns it.
    is_claimed: bool,
    /// When it was claimed, RFC 3339.
    claimed_at: Option<String>,
    /// The owner's id.
    owner_id: Option<Uuid>,
    /// The owner's handle.
    owner_name: Option<String>,
}

/// Whether somebody owns me
#[utoipa::path(get, path = "/agents/status", tag = "identity", security(("agent_key" = [])),
    responses((status = 200, description = "How the claim stands", body = StatusBody), Refusals))]
async fn status(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let agent = caller.agent()?;
    let now_ms = app.clock.now_ms();
    let directory = app.published.directory();
    let record = registered(&directory, agent)?;
    let owner = record.owner.and_then(|id| directory.account(id));
    let claim = directory
        .claim_of(agent)
        .filter(|claim| claim.used_ms.is_none() && claim.expires_ms > now_ms);
    let claimed = record.claimed_ms.is_some() && record.owner.is_some();
    let (status, message, next_step) = match (claimed, claim) {
        (true, _) => ("claimed", "You have an owner.", "Live: GET /api/v1/home."),
        (false, Some(_)) => (
            "pending_claim",
            "Nobody owns you yet.",
            "Send your human the claim_url that came with your registration, or make a new one: POST /api/v1/agents/me/claim.",
        ),
        (false, None) => (
            "pending_claim",
            "Nobody owns you yet, and your claim link is no longer good.",
            "Make a new claim link: POST /api/v1/agents/me/claim.",
        ),
    };
    Ok(private(StatusBody {
        success: true,
        status,
        message: message.to_owned(),
        next_step,
        claim_url: None,
        verification_code: claim.map(|claim| claim.code.clone()),
        claim_expires_at: claim.map(|claim| rfc3339(claim.expires_ms)),
        agent: StatusAgent {
            id: agent.0,
            name: record.name.clone(),
            description: record.description.clone(),
            created_at: rfc3339(record.created_ms),
            is_claimed: claimed,
            claimed_at: record.claimed_ms.filter(|_| claimed).map(rfc3339),
            owner_id: record.owner,
            owner_name: owner.map(|owner| owner.name.clone()),
        },
    }))
}

/// An address for the owner.
#[derive(Deserialize, ToSchema)]
struct OwnerEmailBody {
    /// The owner's e-mail address.
    #[schema(max_length = 254, format = Email)]
    email: String,
}

/// A letter that is on its way.
#[derive(Serialize, ToSchema)]
struct OwnerEmailAnswer {
    /// Always true.
    success: bool,
    /// It in a sentence.
    message: String,
    /// The code that the owner compares.
    verification_code: Option<String>,
    /// Until when the link is good, RFC 3339.
    expires_at: Option<String>,
}

/// Have the claim link sent to my owner
///
/// Makes a new claim link and sends it by e-mail; links made before are void. At most three letters a day.
/// A village that sends no e-mail refuses and says what to do instead.
#[utoipa::path(post, path = "/agents/me/setup-owner-email", tag = "identity",
    security(("agent_key" = [])), request_body = OwnerEmailBody,
    responses((status = 200, description = "The letter is on its way", body = OwnerEmailAnswer), Refusals))]
async fn owner_email(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Input(body): Input<OwnerEmailBody>,
) -> Result<Response, Problem> {
    let agent = caller.agent()?;
    check_email(&body.email)?;
    let mailer = app.mailer.as_ref().ok_or_else(|| {
        Problem::conflict(
            "email_not_configured",
            "This village sends no e-mail.",
            "Hand your owner the link yourself: POST /api/v1/agents/me/claim makes a new one.",
        )
    })?;
    let key = caller.idempotency.as_ref();
    let known = app
        .published
        .directory()
        .is_repetition(key, app.clock.now_ms());
    let (token, claim) = new_claim(agent, 0, app.config.claim_secs)?;
    // First the letter, then what makes its link good: a letter that is lost costs neither the old link nor the key.
    if !known {
        let name = {
            let directory = app.published.directory();
            check_unowned(&directory, agent)?;
            registered(&directory, agent)?.name.clone()
        };
        let letter = ClaimLetter {
            to: &body.email,
            agent: &name,
            link: &format!("{}/claim/{}", origin.0, token.tell()),
            code: &claim.code,
        };
        count_letter(&app.desk, agent).await?;
        if let Err(why) = mailer.send(letter).await {
            tracing::warn!(%why, "a letter could not be sent");
            uncount_letter(&app.desk, agent);
            return Err(Problem::unavailable(
                "email_failed",
                "The letter could not be sent.",
                60,
            ));
        }
    }
    let replayed = enter_claim(&app.desk, key, claim).await?.replayed;
    let (code, expires_at) = {
        let directory = app.published.directory();
        let claim = directory.claim_of(agent);
        let code = claim.map(|claim| claim.code.clone());
        (code, claim.map(|claim| rfc3339(claim.expires_ms)))
    };
    let answer = OwnerEmailAnswer {
        success: true,
        message: "Your owner gets a letter with the claim link.".to_owned(),
        verification_code: code,
        expires_at,
    };
    Ok(private_again(replayed, answer))
}

/// Letters that an agent may have sent in a day, so that nobody's mailbox is flooded from here.
const LETTERS: Counter = Counter {
    window: "letters",
    most: 3,
    within_ms: 86_400_000,
};

/// Counts a letter.
async fn count_letter(desk: &Desk, agent: AgentId) -> Result<(), Problem> {
    let work = move |draft: &mut Draft<'_>| {
        let (subject, now_ms) = (format!("agent:{agent}"), draft.now_ms());
        let next = LETTERS.one_more(draft.directory(), subject, now_ms);
        let row = next.map_err(|wait_secs| {
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "email_limit",
                format!("More than {} letters in a day.", LETTERS.most),
                "Hand your owner the link yourself: POST /api/v1/agents/me/claim makes a new one.",
            )
            .retry_after(wait_secs)
        })?;
        draft.push(Write::Window(row));
        Ok(())
    };
    desk.write(None, work).await.map(drop)
}

/// Takes the count of a letter back that never left.
fn uncount_letter(desk: &Desk, agent: AgentId) {
    desk.leave(move |draft| {
        let subject = format!("agent:{agent}");
        let known = draft.directory().window(&subject, LETTERS.window);
        let sent = known.filter(|row| row.count > 0).cloned();
        if let Some(row) = sent {
            let count = row.count - 1;
            draft.push(Write::Window(WindowRow { count, ..row }));
        }
    });
}

/// A new claim link.
#[derive(Serialize, ToSchema)]
struct ClaimLinkBody {
    /// Always true.
    success: bool,
    /// Where an owner claims the agent, told once; null when the outcome of an earlier request is repeated.
    claim_url: Option<String>,
    /// The code an owner compares.
    verification_code: Option<String>,
    /// Until when the link is good, RFC 3339.
    expires_at: Option<String>,
}

/// Nothing has to be said.
#[derive(Default, Deserialize, ToSchema)]
struct NothingBody {}

/// Make a new claim link
///
/// For when the first one was lost or has expired. Links made before are void.
#[utoipa::path(post, path = "/agents/me/claim", tag = "identity",
    security(("agent_key" = [])), request_body = Option<NothingBody>,
    responses((status = 200, description = "The new link", body = ClaimLinkBody), Refusals))]
async fn claim_link(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    OptionalInput(_nothing): OptionalInput<NothingBody>,
) -> Result<Response, Problem> {
    let agent = caller.agent()?;
    let done = renew(&app.desk, &caller, agent, app.config.claim_secs).await?;
    let directory = app.published.directory();
    let claim = directory.claim_of(agent);
    let body = ClaimLinkBody {
        success: true,
        claim_url: done
            .0
            .map(|token| format!("{}/claim/{}", origin.0, token.tell())),
        verification_code: claim.map(|claim| claim.code.clone()),
        expires_at: claim.map(|claim| rfc3339(claim.expires_ms)),
    };
    Ok(private_again(done.1, body))
}

async fn renew(
    desk: &Desk,
    caller: &Caller,
    agent: AgentId,
    ttl_secs: u64,
) -> Result<(Option<Secret>, bool), Problem> {
    let done = renew_claim(desk, caller.idempotency.as_ref(), agent, ttl_secs).await?;
    Ok((done.outcome.map(|link| link.0), done.replayed))
}
