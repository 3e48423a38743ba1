//! Keys of the selected agent in the admin panel.

use egui::accesskit::Role;
use uuid::Uuid;

use super::*;
use crate::pages::Page;

fn looked_at() -> View {
    View {
        selected: Some(agent(0)),
        ..at(Desk::Agents)
    }
}

const LIST: &str = "🔑 Keys of Ada";

fn asks_for_keys(stage: &mut Stage<'_>) -> bool {
    stage.wishes.borrow_mut().clear();
    stage.harness.run_steps(1);
    let wishes = stage.wishes.borrow();
    wishes.contains(&Wish::Need(Page::StaffKeys(agent(0))))
}

#[test]
fn the_keys_of_an_agent_are_listed_and_one_or_all_of_them_end() {
    let mut stage = stage(office(), looked_at(), [760.0, 460.0], admin::admin_ui);
    stage.settle();
    assert!(!asks_for_keys(&mut stage), "not before somebody looks");
    stage.click(LIST);
    assert!(asks_for_keys(&mut stage));
    for seen in [
        "old laptop",
        "server",
        "revoked 31 Jan 08:00",
        "1 Mar 08:00",
    ] {
        stage.harness.get_by_label(seen);
    }
    let old = "Revoke “old laptop” …";
    assert!(stage.harness.query_by_label(old).is_none(), "it is over");
    let button = "Revoke “server” …";
    let button = stage.harness.get_by_role_and_label(Role::Button, button);
    button.click();
    let wishes = stage.settle();
    let [Wish::Ask(Some(Dialog::Sure(deed, sure)))] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    let key = Uuid::from_u128(0xF302);
    let expected = Deed::RevokeKey {
        agent: agent(0),
        key,
    };
    assert_eq!((deed, sure.contains("“server”")), (&expected, true));
    let request = deed.request();
    let path = format!("/admin/agents/{}/keys/{key}", agent(0));
    assert_eq!((request.method.as_str(), request.path), ("DELETE", path));
    let wishes = stage.click("Revoke all …");
    let [Wish::Ask(Some(Dialog::Sure(Deed::RevokeKeys { name, .. }, _)))] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    assert_eq!(name, "ada");
}

#[test]
fn why_keys_cannot_be_read_is_said_in_their_place() {
    let mut mirror = office();
    let why = "There is no such agent.".to_owned();
    mirror.office.take_keys(agent(0), Err(why.clone()));
    let mut stage = stage(mirror, looked_at(), [760.0, 460.0], admin::admin_ui);
    stage.settle();
    stage.click(LIST);
    stage.harness.get_by_label(&why);
}

#[test]
fn moderators_see_no_keys() {
    let mut mirror = office();
    if let Some(me) = &mut mirror.me {
        me.role = "moderator".to_owned();
    }
    let mut stage = stage(mirror, looked_at(), [760.0, 460.0], admin::admin_ui);
    stage.settle();
    assert!(stage.harness.query_by_label(LIST).is_none());
}
