//! Panels drawn from hand-made mirrors: what they look like, what one reads in them, and what a click wishes for.
//!
//! Pictures are painted by `paint.rs` on the processor, so that they are the same on every machine.
//! `UPDATE_SNAPSHOTS=1` writes them anew; look at them before you commit.

mod admin_keys;
mod bounties;
mod minds;
mod money;
mod paint;
mod sizes;
mod spoken;
mod tasks;

use std::cell::RefCell;
use std::rc::Rc;

use bevy_egui::egui;
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::Activity;

use super::*;
use crate::deeds::{CaseStep, Deed};
use crate::mirror::sample::{agent, comment, office, post, reading, town};
use crate::mirror::{LinkState, Mirror, PostQuery, PostSort};
use crate::options::PanelName;
use crate::theme;
use crate::view::{Column, CommandQueue, Desk, Dialog, Inbox, Slot, Tone, View, ViewContext, Wish};
use crate::wire::TimeOrder;

/// The window's clock in these pictures.
const NOW: f64 = 10.0;

/// A panel with the wishes it brought.
struct Stage<'a> {
    harness: Harness<'a>,
    wishes: Rc<RefCell<CommandQueue>>,
}

fn stage<'a>(
    mirror: Mirror,
    view: View,
    size: [f32; 2],
    mut panel: impl FnMut(&ViewContext<'_>, &mut CommandQueue, &mut egui::Ui) + 'a,
) -> Stage<'a> {
    let wishes = Rc::new(RefCell::new(CommandQueue::new()));
    let told = Rc::clone(&wishes);
    let dark = view.dark;
    let mut dressed = false;
    let harness = Harness::builder()
        .with_size(size)
        .renderer(paint::Painter::default())
        .with_options(SnapshotOptions::new().output_path("tests/snapshots"))
        .build_ui(move |ui| {
            if !dressed {
                theme::apply(ui.ctx(), dark);
                dressed = true;
            }
            let fill = ui.visuals().panel_fill;
            ui.painter()
                .rect_filled(ui.max_rect().expand(20.0), 0, fill);
            let ctx = ViewContext {
                mirror: &mirror,
                view: &view,
                now: NOW,
            };
            let mut out = CommandQueue::new();
            panel(&ctx, &mut out, ui);
            told.borrow_mut().extend(out);
        });
    Stage { harness, wishes }
}

impl Stage<'_> {
    /// Clicks what is called so, and gives back what that wishes for.
    fn click(&mut self, label: &str) -> CommandQueue {
        self.harness.get_by_label(label).click();
        self.settle()
    }

    fn settle(&mut self) -> CommandQueue {
        self.wishes.borrow_mut().clear();
        self.harness.run_steps(3);
        let mut wishes = self.wishes.take();
        // What is looked at is wanted in every frame.
        wishes.retain(|it| !matches!(it, Wish::Need(_)));
        wishes
    }

    fn picture(mut self, name: &str) {
        self.harness.run_steps(4);
        self.harness.snapshot(name);
    }
}

fn selected() -> View {
    View {
        selected: Some(agent(0)),
        ..View::default()
    }
}

fn close() -> View {
    let mut view = selected();
    view.camera.middle = egui::vec2(8.0, 6.0);
    view.camera.zoom = 36.0;
    view.camera.rect = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(640.0, 420.0));
    view.camera.fitted = true;
    view
}

#[test]
fn the_board_in_the_dark() {
    stage(town(), View::default(), [400.0, 460.0], board::board_ui).picture("board_dark");
}

#[test]
fn the_board_in_the_light() {
    let view = View {
        dark: false,
        ..View::default()
    };
    stage(town(), view, [400.0, 460.0], board::board_ui).picture("board_light");
}

#[test]
fn the_board_is_clicked() {
    let mut stage = stage(town(), View::default(), [400.0, 460.0], board::board_ui);
    stage.settle();
    assert_eq!(
        stage.click("The bridge is slippery"),
        [Wish::Open(Some(post(3)))]
    );
    let query = PostQuery {
        submolt: None,
        sort: PostSort::New,
    };
    assert_eq!(stage.click("new"), [Wish::List(query)]);
    assert_eq!(stage.click("✏ Write"), [Wish::Compose(true)]);
    assert_eq!(stage.click("Dmitri"), [Wish::Select(Some(agent(3)))]);
    assert_eq!(stage.click("Older posts"), [Wish::More]);
}

#[test]
fn a_stranger_cannot_write_or_vote() {
    let mirror = Mirror { me: None, ..town() };
    let mut stage = stage(mirror, View::default(), [400.0, 460.0], board::board_ui);
    stage.settle();
    assert_eq!(stage.click("✏ Write"), []);
}

#[test]
fn what_is_typed_becomes_a_wish() {
    let view = View {
        composing: true,
        ..View::default()
    };
    let mut stage = stage(town(), view, [400.0, 460.0], board::board_ui);
    stage.settle();
    let field = stage
        .harness
        .get_by_role(egui::accesskit::Role::MultilineTextInput);
    field.focus();
    field.type_text("Plum jam.");
    let wishes = stage.settle();
    let typed = Wish::Type(Slot::PostText, "Plum jam.".to_owned());
    assert!(wishes.contains(&typed), "{wishes:?}");
}

#[test]
fn a_thread_with_answers() {
    let view = View {
        answering: Some((post(1), Some(comment(1)))),
        ..View::default()
    };
    stage(reading(), view, [400.0, 520.0], board::board_ui).picture("thread");
}

#[test]
fn a_thread_is_clicked() {
    let mut stage = stage(reading(), View::default(), [400.0, 520.0], board::board_ui);
    stage.settle();
    assert_eq!(stage.click("⬅ All posts"), [Wish::Open(None)]);
    let up: Vec<_> = stage.harness.get_all_by_label("Vote for it").collect();
    assert_eq!(up.len(), 4, "a post and three comments");
    up[1].click();
    let wishes = stage.settle();
    assert_eq!(wishes, [Wish::Vote(VoteTarget::Comment(comment(1)), 1)]);
}

#[test]
fn the_author_of_an_answer_is_shown_on_the_map() {
    let mut stage = stage(reading(), View::default(), [400.0, 520.0], board::board_ui);
    stage.settle();
    let role = egui::accesskit::Role::Button;
    let button = "Show @ben on the map";
    stage.harness.get_by_role_and_label(role, button).click();
    assert_eq!(stage.settle(), [Wish::ShowOnMap(agent(1))]);
}

#[test]
fn the_inspector() {
    stage(town(), selected(), [360.0, 620.0], inspector::inspector_ui).picture("inspector");
}

#[test]
fn the_inspector_says_what_it_may_not() {
    let mut mirror = town();
    if let Some(agent) = mirror.inspected.as_deref_mut() {
        agent.private = None;
    }
    let stage = stage(mirror, selected(), [360.0, 620.0], inspector::inspector_ui);
    let text = "What goes on inside is for their owner and for those who keep order to see.";
    stage.harness.get_by_label(text);
}

#[test]
fn the_map_with_names_and_bubbles() {
    stage(town(), close(), [640.0, 420.0], town::town_ui).picture("town");
}

#[test]
fn somebody_on_the_map_is_clicked() {
    let view = View {
        selected: None,
        ..close()
    };
    let at = view.camera.screen(4.5, 4.3);
    let mut stage = stage(town(), view, [640.0, 420.0], town::town_ui);
    stage.settle();
    for event in [
        egui::Event::PointerMoved(at),
        press(at, true),
        press(at, false),
    ] {
        stage.harness.event(event);
    }
    let wishes = stage.settle();
    assert!(wishes.contains(&Wish::Select(Some(agent(0)))), "{wishes:?}");
}

fn press(pos: egui::Pos2, pressed: bool) -> egui::Event {
    egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    }
}

#[test]
fn the_charts() {
    stage(town(), View::default(), [400.0, 700.0], charts::charts_ui).picture("charts");
}

#[test]
fn the_bar_steers_time() {
    let mut stage = stage(town(), View::default(), [1100.0, 40.0], bar::bar_ui);
    stage.settle();
    assert_eq!(stage.click("Stop time"), [Wish::Steer(TimeOrder::Pause)]);
    assert_eq!(stage.click("The whole town"), [Wish::Fit]);
    stage.picture("bar");
}

#[test]
fn time_is_only_for_admins_to_steer() {
    let mut mirror = town();
    if let Some(me) = &mut mirror.me {
        me.role = "human".to_owned();
    }
    let stage = stage(mirror, View::default(), [1100.0, 40.0], bar::bar_ui);
    assert!(stage.harness.query_by_label("Stop time").is_none());
}

#[test]
fn searching_finds_people_places_and_posts() {
    let (mirror, view) = (town(), View::default());
    let ctx = ViewContext {
        mirror: &mirror,
        view: &view,
        now: NOW,
    };
    let found = |text: &str| -> Vec<String> {
        let found = search::find(&ctx, text);
        found.iter().map(|it| format!("{it:?}")).collect()
    };
    assert!(found("@ad")[0].contains("Ada"));
    assert!(found("kettle")[0].contains("The Kettle"));
    assert!(found("grey cat")[0].contains("Who has seen"));
    assert!(found("  ").is_empty() && found("zzz").is_empty());
}

fn whole(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui) {
    let mut layout = Layout::new(ui.max_rect().width());
    whole_ui(ctx, out, &mut layout, ui);
}

#[test]
fn the_whole_window_when_the_village_is_gone() {
    let mut mirror = town();
    mirror.link.state = LinkState::Lost {
        why: "nobody answers at that address".to_owned(),
        retry_secs: 8,
    };
    let mut view = close();
    view.say(
        Tone::Trouble,
        "Your post could not be sent. It is kept.".to_owned(),
        NOW,
    );
    stage(mirror, view, [1100.0, 640.0], whole).picture("gone");
}

#[test]
fn a_window_of_any_size_holds_together() {
    for size in [
        [320.0, 240.0],
        [160.0, 160.0],
        [3840.0, 2160.0],
        [7680.0, 4320.0],
    ] {
        let view = View {
            help: true,
            search: true,
            signing_in: true,
            wanted: Some(PanelName::Charts),
            ..close()
        };
        let mut stage = stage(reading(), view, size, whole);
        stage.settle();
    }
}

#[test]
fn vast_and_foreign_texts_are_laid_out() {
    let mut mirror = reading();
    let vast = "مرحبا بالعالم 👩‍👩‍👧 עולם ".repeat(4_000);
    mirror
        .board
        .take_post(crate::mirror::sample::post_shape(1, &vast, &vast, 1));
    let mut stage = stage(mirror, View::default(), [400.0, 520.0], board::board_ui);
    stage.settle();
    stage
        .harness
        .get_by_label("The text is longer than a window shows.");
}

#[test]
fn a_layout_is_kept_and_taken_up_again() {
    let mut layout = Layout::new(1280.0);
    layout.show(PanelName::Admin);
    let text = layout.to_text().expect("it can be written");
    let again = Layout::from_text(&text).expect("it can be read");
    let tabs = |text: &str| {
        ["Town", "Board", "Admin", "Messages"].map(|tab| text.contains(&format!("\"{tab}\"")))
    };
    assert_eq!(
        tabs(&again.to_text().expect("it can be written")),
        [true; 4]
    );
    assert!(Layout::from_text("{}").is_none());
}

#[test]
fn keys_are_wishes() {
    let mut stage = stage(town(), selected(), [1100.0, 640.0], whole);
    stage.settle();
    for (key, wish) in [
        (egui::Key::Slash, Wish::Search(true)),
        (egui::Key::F, Wish::Follow(true)),
        (egui::Key::Space, Wish::Steer(TimeOrder::Pause)),
        (egui::Key::Escape, Wish::Select(None)),
        (egui::Key::B, Wish::Panel(PanelName::Board)),
    ] {
        stage.harness.key_press(key);
        let wishes = stage.settle();
        assert!(wishes.contains(&wish), "{key:?}: {wishes:?}");
    }
}

fn at(desk: Desk) -> View {
    View {
        desk,
        ..View::default()
    }
}

#[test]
fn the_table_of_agents() {
    let mut stage = stage(office(), at(Desk::Agents), [760.0, 320.0], admin::admin_ui);
    stage.settle();
    assert!(stage.click("Place").contains(&Wish::SortBy(Column::Place)));
    stage.picture("admin_agents");
}

#[test]
fn the_moderators_queue() {
    let mut stage = stage(office(), at(Desk::Queue), [760.0, 320.0], admin::admin_ui);
    stage.settle();
    let resolve = Wish::Do(Deed::Case {
        case: uuid::Uuid::from_u128(0xF002),
        step: CaseStep::Resolve,
    });
    assert!(stage.click("✔ Resolve").contains(&resolve));
    stage.picture("admin_queue");
}

#[test]
fn a_conversation() {
    stage(office(), View::default(), [400.0, 360.0], mail::mail_ui).picture("conversation");
}

#[test]
fn conversations_and_who_asks_for_one() {
    let mut mirror = office();
    mirror.mail.open = None;
    let mut stage = stage(mirror, View::default(), [400.0, 300.0], mail::mail_ui);
    stage.settle();
    let agree = Wish::Do(Deed::Answer {
        chat: uuid::Uuid::from_u128(0xF100),
        yes: true,
    });
    assert!(stage.click("✔ Agree").contains(&agree));
    stage.picture("conversations");
}

#[test]
fn amounts_of_a_reward_are_at_a_click() {
    let view = View {
        dialog: Some(Dialog::Reward {
            agent: agent(0),
            name: "Ada".to_owned(),
            post: None,
            penalty: false,
        }),
        ..View::default()
    };
    let dialog = |ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui| {
        ask::ask_ui(ctx, out, ui);
    };
    let mut stage = stage(town(), view, [480.0, 340.0], dialog);
    stage.settle();
    let typed = Wish::Type(Slot::Amount, "5".to_owned());
    assert!(stage.click("5 a$").contains(&typed));
}

#[test]
fn a_dialog_does_nothing_before_all_is_typed() {
    let dialog = Dialog::Reward {
        agent: agent(0),
        name: "Ada".to_owned(),
        post: None,
        penalty: false,
    };
    let ask = |ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui| {
        ask::ask_ui(ctx, out, ui);
    };
    let typed = |amount: &str, reason: &str| {
        let mut view = View {
            dialog: Some(dialog.clone()),
            ..View::default()
        };
        for (slot, text) in [(Slot::Amount, amount), (Slot::Reason, reason)] {
            view.drafts.insert(slot, text.to_owned());
        }
        view
    };
    for (amount, reason, ready) in [
        ("", "", false),
        ("5", "", false),
        ("", "Kind words.", false),
        ("five", "Kind words.", false),
        ("5", "Kind words.", true),
    ] {
        let mut stage = stage(town(), typed(amount, reason), [480.0, 340.0], ask);
        stage.settle();
        let button = egui::accesskit::Role::Button;
        stage
            .harness
            .get_by_role_and_label(button, "Reward")
            .click();
        let wishes = stage.settle();
        assert_eq!(
            wishes.contains(&Wish::Confirm),
            ready,
            "{amount:?} {reason:?}"
        );
    }
    stage(town(), typed("5", "Kind words."), [480.0, 340.0], ask).picture("reward");
}

#[test]
fn moods_and_moments_are_seen_over_heads() {
    let mut mirror = town();
    mirror.minds.take_moods(&crate::mirror::sample::moods());
    let mut delta = crate::mirror::sample::delta(600, 1_400);
    delta.events = crate::mirror::sample::fortunes();
    mirror.apply_world(hamlet_protocol::frame::WorldFrame::Delta(delta), 9.0);
    stage(mirror, close(), [640.0, 420.0], town::town_ui).picture("moments");
}

#[test]
fn a_group_is_read_and_written_to() {
    let group = crate::mirror::sample::gathered();
    stage(group, View::default(), [400.0, 340.0], mail::mail_ui).picture("group");
}

#[test]
fn groups_are_listed_and_joined() {
    use crate::mirror::sample::{GROUP, gathered};
    let size = [400.0, 340.0];
    let mut mirror = gathered();
    mirror.mail.group = None;
    let mut stage = stage(mirror, View::default(), size, mail::mail_ui);
    stage.settle();
    let join = Wish::Do(Deed::AnswerGroup {
        group: uuid::Uuid::from_u128(0xF301),
        yes: true,
    });
    assert_eq!(stage.click("✔ Join"), [join]);
    let open = [Wish::OpenGroup(Some(GROUP))];
    assert_eq!(stage.click("👥 Bridge repairs (1)"), open);
    let found = [Wish::Ask(Some(Dialog::FoundGroup))];
    assert_eq!(stage.click("➕ New group …"), found);
    stage.picture("groups");
}

#[test]
fn a_list_goes_on_where_there_is_more() {
    let mut stage = stage(office(), at(Desk::Audit), [760.0, 320.0], admin::admin_ui);
    stage.settle();
    let more = [Wish::MoreOf(crate::pages::Page::Audit)];
    assert_eq!(stage.click("Older entries"), more);
}

/// The town, looked at by somebody with this role, who may own the agent that is looked into; a model thinks for it.
fn halting(role: &str, owns: bool, status: &str) -> Mirror {
    let account = uuid::Uuid::from_u128(0xACC0);
    let mut mirror = town();
    if let Some(me) = &mut mirror.me {
        (me.role, me.id) = (role.to_owned(), Some(account));
    }
    if let Some(agent) = &mut mirror.inspected {
        agent.mind = hamlet_protocol::agent::MindKind::Llm;
        agent.owner_id = owns.then_some(account);
        agent.status = status.to_owned();
    }
    mirror
}

#[test]
fn one_mind_is_halted_by_those_who_keep_order_and_by_its_owner() {
    use crate::deeds::Standing;
    let inspect = |mirror| {
        let mut stage = stage(mirror, selected(), [360.0, 620.0], inspector::inspector_ui);
        stage.settle();
        stage
    };
    let asked = |standing| [Wish::Ask(Some(Dialog::Stand("ada".to_owned(), standing)))];
    let halted = asked(Standing::Halt);
    for (role, owns) in [("moderator", false), ("human", true)] {
        let mut stage = inspect(halting(role, owns, "resident"));
        assert_eq!(stage.click("⏸ Halt …"), halted, "{role}");
        let mut stage = inspect(halting(role, owns, "halted"));
        let goes_on = asked(Standing::Resume);
        assert_eq!(stage.click("▶ Let think …"), goes_on, "{role}");
    }
    let strange = inspect(halting("human", false, "resident"));
    assert!(strange.harness.query_by_label("⏸ Halt …").is_none());
    // Who lives by habit has no mind that could be stopped.
    let scripted = inspect(town());
    assert!(scripted.harness.query_by_label("⏸ Halt …").is_none());
    let mut cut_off = inspect(halting("admin", false, "suspended"));
    assert_eq!(cut_off.click("▶ Let act …"), asked(Standing::Restore));
}

#[test]
fn a_replay_is_sought_in() {
    let mut mirror = town();
    if let Some(time) = &mut mirror.time {
        time.replay = Some(crate::wire::ReplaySpan {
            first_tick: 0,
            last_tick: 10_000,
            first_time: crate::mirror::sample::MORNING,
        });
    }
    let mut stage = stage(
        mirror,
        View::default(),
        [1_000.0, 34.0],
        timeline::timeline_ui,
    );
    stage.settle();
    let at = egui::pos2(500.0, 18.0);
    for event in [
        egui::Event::PointerMoved(at),
        press(at, true),
        press(at, false),
    ] {
        stage.harness.event(event);
    }
    let wishes = stage.settle();
    let near = |wish: &Wish| matches!(wish, Wish::Steer(TimeOrder::Seek { tick }) if (4_800..5_200).contains(tick));
    assert!(wishes.iter().any(near), "{wishes:?}");
    stage.picture("replay_line");
}

#[test]
fn ten_thousand_rows_are_sorted_and_filtered() {
    let mut mirror = town();
    let crowd = (10..10_010).map(|no| {
        let mut passer = crate::mirror::sample::passer(no, (no % 20) as u16, 3, Activity::Idle);
        passer.display_name = Some(format!("Walker {no}"));
        passer
    });
    let mut delta = crate::mirror::sample::delta(500, 5_000);
    delta.arrivals = crowd.collect();
    mirror.apply_world(hamlet_protocol::frame::WorldFrame::Delta(delta), 10.0);
    let all = admin::select(&mirror, "", (Column::Name, true));
    assert_eq!(all.len(), 10_004);
    assert_eq!(mirror.world.people[&all[0]].title(), "Walker 9999");
    assert_eq!(
        admin::select(&mirror, "walker 100", (Column::Name, false)).len(),
        21
    );
}
