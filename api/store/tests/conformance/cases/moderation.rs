//! Reports, and what moderators did.

use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{CaseId, MeasureId};
use hamlet_protocol::moderation::{CaseState, MeasureKind, ModerationEvent, Moderator, Subject};
use hamlet_store::{CaseQuery, MeasureQuery};

use crate::place::Place;
use crate::samples::{Pump, agent, post, uuid};

fn happened(what: ModerationEvent) -> Event {
    Event::Moderation(Box::new(what))
}

/// Something that happened.
pub(super) fn any() -> Event {
    reported(1, Some(1), 1, 1)
}

fn reported(case: u32, by: Option<u32>, weight: u32, reports: u32) -> Event {
    happened(ModerationEvent::Reported {
        case: CaseId(uuid(700 + case)),
        number: case,
        opened_ms: 5,
        agent: by.map(agent),
        subject: Subject::Post(post(case)),
        member: Some(agent(9)),
        submolt: (case == 2).then(|| "maps".to_owned()),
        reason: format!("rude {weight}"),
        weight,
        reports,
    })
}

fn measured(number: u32, kind: MeasureKind) -> Event {
    happened(ModerationEvent::MeasureTaken {
        measure: MeasureId(uuid(800 + number)),
        number,
        by: Moderator::Staff(uuid(1)),
        what: kind,
        subject: Subject::Agent(agent(9)),
        member: Some(agent(9)),
        submolt: None,
        reason: "loud".to_owned(),
        until_ms: (number == 1).then_some(99),
    })
}

pub(crate) async fn reports_and_what_became_of_them_are_kept(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let (first, second) = (MeasureId(uuid(801)), MeasureId(uuid(802)));
    pump.commit(
        vec![
            reported(1, Some(3), 2, 1),
            reported(1, Some(4), 4, 2),
            reported(2, None, 0, 0),
            measured(1, MeasureKind::Mute),
            measured(2, MeasureKind::Warn),
            happened(ModerationEvent::Appealed {
                measure: first,
                agent: agent(9),
                text: "no".to_owned(),
            }),
        ],
        vec![],
    )
    .await;
    pump.commit(
        vec![
            happened(ModerationEvent::CaseMoved {
                case: CaseId(uuid(701)),
                state: CaseState::Dismissed,
                by: Moderator::Member(agent(2)),
                note: "fine".to_owned(),
            }),
            happened(ModerationEvent::AppealJudged {
                measure: first,
                by: Moderator::Staff(uuid(2)),
                granted: true,
                note: "right".to_owned(),
            }),
            happened(ModerationEvent::MeasureLifted {
                measure: first,
                by: Moderator::Staff(uuid(2)),
                reason: "granted".to_owned(),
            }),
            happened(ModerationEvent::FiltersSet { count: 3 }),
        ],
        vec![],
    )
    .await;
    let all = CaseQuery {
        limit: 10,
        ..CaseQuery::default()
    };
    let cases = pump.store.cases(&all).await.expect("readable");
    let told: Vec<_> = cases
        .iter()
        .map(|case| {
            (
                case.number,
                case.state.as_str(),
                case.weight,
                case.reports,
                case.moderator.as_str(),
            )
        })
        .collect();
    let mover = format!("agent:{}", agent(2));
    assert_eq!(
        told,
        [
            (2, "open", 0, 0, ""),
            (1, "dismissed", 4, 2, mover.as_str())
        ]
    );
    assert_eq!(
        (cases[1].reason.as_str(), cases[1].opened_ms),
        ("rude 4", 5)
    );
    assert_eq!(place.number("SELECT COUNT(*) FROM mod_reports").await, 3);
    let open = CaseQuery {
        state: Some("open".to_owned()),
        submolt: Some("maps".to_owned()),
        subject_kind: Some("post".to_owned()),
        before: Some(3),
        limit: 10,
    };
    let found = pump.store.cases(&open).await.expect("readable");
    assert_eq!(found, cases[..1]);
    let older = CaseQuery {
        before: Some(2),
        ..all
    };
    assert_eq!(
        pump.store.cases(&older).await.expect("readable"),
        cases[1..]
    );
    let his = MeasureQuery {
        member: Some(agent(9)),
        limit: 10,
        ..MeasureQuery::default()
    };
    let measures = pump.store.measures(&his).await.expect("readable");
    let ids: Vec<_> = measures.iter().map(|measure| measure.id).collect();
    assert_eq!(ids, [second, first]);
    let mute = &measures[1];
    assert_eq!((mute.appeal.as_str(), mute.until_ms), ("granted", Some(99)));
    assert_eq!(mute.lifted_reason.as_deref(), Some("granted"));
    assert_eq!(mute.appeal_text.as_deref(), Some("no"));
    let waiting = MeasureQuery {
        appeal: Some("waiting".to_owned()),
        ..his
    };
    assert_eq!(pump.store.measures(&waiting).await.expect("readable"), []);
    let one = pump.store.measure(second).await.expect("readable");
    assert_eq!(one.as_ref(), Some(&measures[0]));
}
