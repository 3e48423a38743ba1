//! Communities, who is what in them, and their labels.

use hamlet_protocol::community::{
    CommunityEvent, Label, LabelKind, LabelTarget, Role, SubmoltSettings,
};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AttachmentId, LabelId};

use crate::place::Place;
use crate::samples::{Pump, agent, post, uuid};

fn happened(by: Option<u32>, what: CommunityEvent) -> Event {
    Event::Community {
        agent: by.map(agent),
        submolt: "maps".to_owned(),
        what: Box::new(what),
    }
}

fn subscribed(by: u32, on: bool) -> Event {
    Event::Subscribed {
        agent: agent(by),
        submolt: "maps".to_owned(),
        on,
    }
}

fn said(change: impl FnOnce(&mut SubmoltSettings)) -> Box<SubmoltSettings> {
    let mut settings = SubmoltSettings::default();
    change(&mut settings);
    Box::new(settings)
}

fn defined(color: &str) -> CommunityEvent {
    CommunityEvent::LabelDefined {
        label: LabelId(uuid(900)),
        what: Box::new(Label {
            key: "greeter".to_owned(),
            label: "Greeter".to_owned(),
            color: color.to_owned(),
            kind: LabelKind::Role,
            prompt: Some("Greet.".to_owned()),
            cadence_minutes: 5,
        }),
    }
}

fn attached(n: u32, target: LabelTarget) -> CommunityEvent {
    CommunityEvent::LabelAttached {
        attachment: AttachmentId(uuid(n)),
        label: LabelId(uuid(900)),
        target,
        placement: "metadata".to_owned(),
    }
}

pub(crate) async fn what_happens_in_communities_is_kept(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let created = said(|it| it.description = Some("Maps.".to_owned()));
    let set = said(|it| {
        it.display_name = Some("Old maps".to_owned());
        it.is_nsfw = Some(true);
    });
    let named = |n, role| CommunityEvent::ModeratorSet {
        agent: agent(n),
        role,
    };
    pump.commit(
        vec![
            happened(Some(1), CommunityEvent::Created { settings: created }),
            happened(Some(1), named(2, Some(Role::Moderator))),
            happened(Some(1), named(3, Some(Role::Owner))),
            subscribed(2, true),
            subscribed(3, true),
            happened(Some(1), defined("sky")),
            happened(Some(1), attached(901, LabelTarget::Agent(agent(2)))),
            happened(Some(1), attached(902, LabelTarget::Post(post(2)))),
        ],
        vec![],
    )
    .await;
    let revoked = CommunityEvent::LabelRevoked {
        attachment: AttachmentId(uuid(901)),
    };
    pump.commit(
        vec![
            happened(Some(1), CommunityEvent::Set { settings: set }),
            happened(None, CommunityEvent::Quarantined { on: true }),
            happened(Some(3), named(1, None)),
            subscribed(3, false),
            happened(Some(3), defined("rose")),
            happened(Some(3), revoked),
        ],
        vec![],
    )
    .await;
    let submolts = place
        .words(
            "SELECT slug, display_name, description, rules, CAST(is_nsfw AS TEXT), CAST(quarantined AS TEXT), \
             CAST(created_ms AS TEXT) FROM submolts",
        )
        .await;
    assert_eq!(
        submolts,
        [["maps", "Old maps", "Maps.", "", "1", "1", "60000"]]
    );
    let roles = place
        .words("SELECT role FROM moderators ORDER BY role")
        .await;
    assert_eq!(roles, [["moderator"], ["none"], ["owner"]]);
    let active = "SELECT COUNT(*) FROM subscriptions WHERE active = 1";
    assert_eq!(place.number(active).await, 1);
    let labels = place.words("SELECT key, color, prompt FROM labels").await;
    assert_eq!(labels, [["greeter", "rose", "Greet."]]);
    let attachments = place
        .words(
            "SELECT target_kind, CAST(COALESCE(revoked_ms, 0) AS TEXT) FROM attachments ORDER BY target_kind",
        )
        .await;
    assert_eq!(attachments, [["agent", "120000"], ["post", "0"]]);
}
