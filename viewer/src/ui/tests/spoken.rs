//! Readers of the screen: whatever is pressed, typed into or read off has a name, and the map and the line of time are reached by keys.

use egui::accesskit::{Action, ActionData, ActionRequest, Live, Role};
use egui_kittest::kittest::NodeT;

use super::*;
use crate::deeds::{Standing, Subject};
use crate::mirror::sample::{MORNING, delivered, gathered, thinking, trading, working};
use crate::view::Side;
use crate::wire::ReplaySpan;

/// What must have a name.
const NAMED: [Role; 13] = [
    Role::Button,
    Role::Link,
    Role::Tab,
    Role::TextInput,
    Role::MultilineTextInput,
    Role::PasswordInput,
    Role::CheckBox,
    Role::RadioButton,
    Role::ComboBox,
    Role::Slider,
    Role::SpinButton,
    Role::ProgressIndicator,
    Role::Figure,
];

/// What has no name that can be said: none, or a sign alone.
fn nameless(stage: &Stage<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for node in stage.harness.root().children_recursive() {
        let inner = node.accesskit_node();
        let name = inner.label().unwrap_or_default();
        if NAMED.contains(&inner.role()) && !name.chars().any(char::is_alphanumeric) {
            found.push(format!("{:?} {name:?} {:?}", inner.role(), inner.value()));
        }
    }
    found
}

/// How many things there are that must have one.
fn named(stage: &Stage<'_>) -> usize {
    let all = stage.harness.root().children_recursive();
    let roles = all.map(|node| node.accesskit_node().role());
    roles.filter(|role| NAMED.contains(role)).count()
}

type PanelOf = fn(&ViewContext<'_>, &mut CommandQueue, &mut egui::Ui);

fn asked(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui) {
    ask::ask_ui(ctx, out, ui);
}

fn side(side: Side) -> View {
    View { side, ..selected() }
}

/// Panels in all their states.
fn panels() -> Vec<(String, Mirror, View, PanelOf)> {
    let composing = View {
        composing: true,
        ..View::default()
    };
    let answering = View {
        answering: Some((post(1), Some(comment(1)))),
        ..View::default()
    };
    let tasks = View {
        inbox: Inbox::Tasks,
        ..View::default()
    };
    let notices = View {
        inbox: Inbox::Notices,
        ..View::default()
    };
    let stranger = || Mirror { me: None, ..town() };
    let (inspector, mail): (PanelOf, PanelOf) = (inspector::inspector_ui, mail::mail_ui);
    let mut all: Vec<(String, Mirror, View, PanelOf)> = [
        ("posts", town(), composing, board::board_ui as PanelOf),
        ("a thread", reading(), answering, board::board_ui),
        (
            "the board for strangers",
            stranger(),
            View::default(),
            board::board_ui,
        ),
        ("somebody", town(), selected(), inspector),
        ("thoughts", thinking(), side(Side::Thoughts), inspector),
        ("memories", thinking(), side(Side::Memories), inspector),
        ("a purse", trading(), side(Side::Money), inspector),
        ("a task", delivered(), side(Side::Task), inspector),
        ("a new task", working(), side(Side::Task), inspector),
        ("a conversation", office(), View::default(), mail),
        ("a group", gathered(), View::default(), mail),
        ("notifications", office(), notices, mail),
        ("tasks", working(), tasks, mail),
        ("letters of strangers", stranger(), View::default(), mail),
        ("charts", trading(), View::default(), charts::charts_ui),
        ("models", thinking(), View::default(), models::models_ui),
        ("talk", town(), View::default(), talk::talk_ui),
        ("the map", town(), close(), town::town_ui),
        ("the bar", town(), View::default(), bar::bar_ui),
        (
            "the line of time",
            replayed(),
            View::default(),
            timeline::timeline_ui,
        ),
        (
            "the line of a town that lives",
            town(),
            View::default(),
            timeline::timeline_ui,
        ),
    ]
    .map(|(what, mirror, view, panel)| (what.to_owned(), mirror, view, panel))
    .into();
    for desk in Desk::ALL {
        let mirror = match desk {
            Desk::Money | Desk::Deposits => trading(),
            _ => office(),
        };
        all.push((format!("{desk:?}"), mirror, at(desk), admin::admin_ui));
    }
    for dialog in dialogs() {
        let view = View {
            dialog: Some(dialog.clone()),
            ..View::default()
        };
        all.push((format!("{dialog:?}"), town(), view, asked));
    }
    all
}

fn dialogs() -> Vec<Dialog> {
    vec![
        Dialog::Report(Subject::Post(post(1)), "this post".to_owned()),
        Dialog::Reward {
            agent: agent(0),
            name: "Ada".to_owned(),
            post: None,
            penalty: false,
        },
        Dialog::Measure("remove", Subject::Post(post(1)), "this post".to_owned()),
        Dialog::Settle(7, "“Mend the gate”".to_owned()),
        Dialog::Stand("ada".to_owned(), Standing::Halt),
        Dialog::Deposit,
        Dialog::FoundGroup,
        Dialog::Sure(Deed::ReadAll, "All of them.".to_owned()),
    ]
}

fn replayed() -> Mirror {
    let mut mirror = town();
    mirror.world.tick = 2_000;
    if let Some(time) = &mut mirror.time {
        time.replay = Some(ReplaySpan {
            first_tick: 0,
            last_tick: 10_000,
            first_time: MORNING,
        });
    }
    mirror
}

#[test]
fn whatever_is_pressed_typed_into_or_read_off_has_a_name() {
    for (what, mirror, view, panel) in panels() {
        let mut stage = stage(mirror, view, [1_100.0, 900.0], panel);
        stage.settle();
        let none: [String; 0] = [];
        assert_eq!(nameless(&stage), none, "{what}");
        let some = named(&stage) > 0;
        assert!(some || what == "talk", "there is nothing in {what}");
    }
}

#[test]
fn what_has_no_name_is_found() {
    let bad = |_: &ViewContext<'_>, _: &mut CommandQueue, ui: &mut egui::Ui| {
        drop(ui.button("⏸"));
        ui.text_edit_singleline(&mut String::new());
        ui.add(egui::ProgressBar::new(0.5));
        drop(ui.button("Named"));
    };
    let mut stage = stage(town(), View::default(), [300.0, 200.0], bad);
    stage.settle();
    assert_eq!(nameless(&stage).len(), 3, "{:?}", nameless(&stage));
    assert_eq!(named(&stage), 4);
}

#[test]
fn the_whole_window_has_names_with_every_panel_in_front() {
    for size in [[1_100.0, 700.0], [320.0, 240.0]] {
        for panel in PanelName::ALL {
            let view = View {
                wanted: Some(panel),
                ..close()
            };
            let mut stage = stage(thinking(), view, size, whole);
            stage.settle();
            let none: [String; 0] = [];
            assert_eq!(nameless(&stage), none, "{panel:?} at {size:?}");
            assert!(named(&stage) > 5);
        }
    }
    let open = View {
        help: true,
        search: true,
        signing_in: true,
        ..close()
    };
    for menu in ["Panels", "👤 owner"] {
        let mut stage = stage(thinking(), open_menu(&open), [1_100.0, 700.0], whole);
        stage.settle();
        stage.click(menu);
        let none: [String; 0] = [];
        assert_eq!(nameless(&stage), none, "{menu}");
    }
    let mut stage = stage(thinking(), open, [1_100.0, 700.0], whole);
    stage.settle();
    let none: [String; 0] = [];
    assert_eq!(nameless(&stage), none);
    let password = stage.harness.get_by_role(Role::PasswordInput);
    assert_eq!(
        password.accesskit_node().label().as_deref(),
        Some("Password")
    );
}

/// The same without the dialogs that lie over the bar.
fn open_menu(view: &View) -> View {
    View {
        camera: view.camera,
        selected: view.selected,
        ..View::default()
    }
}

#[test]
fn needs_and_mood_have_names_and_values() {
    let mut stage = stage(town(), selected(), [360.0, 900.0], inspector::inspector_ui);
    stage.settle();
    for name in [
        "mood", "health", "energy", "food", "company", "purpose", "fun",
    ] {
        let role = Role::ProgressIndicator;
        let bar = stage.harness.get_by_role_and_label(role, name);
        let bar = bar.accesskit_node();
        let value = bar.numeric_value().expect("it says how far");
        assert!((0.0..=100.0).contains(&value), "{name}: {value}");
        assert_eq!(bar.min_numeric_value(), Some(0.0));
        assert_eq!(bar.max_numeric_value(), Some(100.0));
    }
}

#[test]
fn the_map_says_what_is_to_be_seen_and_who_is_selected() {
    let mut seen = stage(town(), close(), [640.0, 420.0], town::town_ui);
    seen.settle();
    let map = seen.harness.get_by_role_and_label(Role::Figure, steps::MAP);
    let told = map.accesskit_node().description().unwrap_or_default();
    assert!(
        told.contains("in view") && told.contains("Page Down"),
        "{told}"
    );
    let status = |stage: &Stage<'_>| {
        let node = stage.harness.get_by_role(Role::Status).accesskit_node();
        assert_eq!(node.live(), Live::Polite);
        node.label().unwrap_or_default()
    };
    let said = status(&seen);
    assert!(said.starts_with("Ada is selected: "), "{said}");
    let nobody = View {
        selected: None,
        ..close()
    };
    let mut seen = stage(town(), nobody, [640.0, 420.0], town::town_ui);
    seen.settle();
    assert_eq!(status(&seen), "Nobody is selected.");
}

#[test]
fn one_goes_from_person_to_person_by_keys() {
    let mirror = town();
    let step = |selected, back| {
        let view = View {
            selected,
            ..close()
        };
        let ctx = ViewContext {
            mirror: &mirror,
            view: &view,
            now: NOW,
        };
        steps::next(&ctx, back).expect("there is somebody")
    };
    let first = step(None, false);
    let mut round = vec![first];
    loop {
        let next = step(round.last().copied(), false);
        if next == first {
            break;
        }
        assert!(!round.contains(&next), "nobody comes twice");
        round.push(next);
    }
    assert!(round.len() > 2, "{round:?}");
    assert_eq!(Some(&step(Some(first), true)), round.last());
    assert_eq!(step(Some(round[1]), true), first);
    let mut stage = stage(town(), close(), [1_100.0, 640.0], whole);
    stage.settle();
    for key in [egui::Key::PageDown, egui::Key::PageUp] {
        stage.harness.key_press(key);
        let wishes = stage.settle();
        let goes = |it: &Wish| matches!(it, Wish::Select(Some(id)) if *id != agent(0));
        assert!(wishes.iter().any(goes), "{key:?}: {wishes:?}");
    }
}

#[test]
fn several_are_chosen_by_key() {
    let (mirror, mut view) = (town(), close());
    let more = |view: &mut View| {
        let ctx = ViewContext {
            mirror: &mirror,
            view,
            now: NOW,
        };
        view.chosen = steps::one_more(&ctx);
        view.chosen.len()
    };
    assert_eq!(more(&mut view), 2, "whoever was selected, and the next");
    assert_eq!(view.chosen[0], agent(0));
    let mut last = 2;
    loop {
        let many = more(&mut view);
        if many == last {
            break;
        }
        assert_eq!(many, last + 1);
        last = many;
    }
    assert!(last > 2, "{:?}", view.chosen);
    let mut stage = stage(town(), close(), [1_100.0, 640.0], whole);
    stage.settle();
    let shift = egui::Modifiers::SHIFT;
    stage
        .harness
        .key_press_modifiers(shift, egui::Key::PageDown);
    let wishes = stage.settle();
    let two = |it: &Wish| matches!(it, Wish::Choose(all) if all.len() == 2);
    assert!(wishes.iter().any(two), "{wishes:?}");
    assert!(
        !wishes.iter().any(|it| matches!(it, Wish::Select(_))),
        "{wishes:?}"
    );
}

#[test]
fn the_map_is_pressed_by_key_and_by_readers() {
    let mut stage = stage(town(), close(), [640.0, 420.0], town::town_ui);
    stage.settle();
    let map = stage
        .harness
        .get_by_role_and_label(Role::Figure, steps::MAP);
    map.click_accesskit();
    let selects = |wishes: &[Wish]| {
        let some = |it: &Wish| matches!(it, Wish::Select(Some(_)));
        wishes.iter().any(some)
    };
    let wishes = stage.settle();
    assert!(selects(&wishes), "{wishes:?}");
    let map = stage
        .harness
        .get_by_role_and_label(Role::Figure, steps::MAP);
    map.focus();
    stage.settle();
    stage.harness.key_press(egui::Key::Enter);
    let wishes = stage.settle();
    assert!(selects(&wishes), "{wishes:?}");
    // The arrows stay with it.
    stage.harness.key_press(egui::Key::ArrowRight);
    stage.settle();
    let map = stage
        .harness
        .get_by_role_and_label(Role::Figure, steps::MAP);
    assert!(map.is_focused());
}

#[test]
fn a_reader_puts_a_text_into_a_field() {
    let view = View {
        composing: true,
        ..View::default()
    };
    let mut stage = stage(town(), view, [400.0, 460.0], board::board_ui);
    stage.settle();
    let field = stage.harness.get_by_role(Role::MultilineTextInput);
    let (target_node, target_tree) = field.accesskit_node().locate();
    let request = ActionRequest {
        action: Action::SetValue,
        target_node,
        target_tree,
        data: Some(ActionData::Value("Plum jam.".into())),
    };
    let event = egui::Event::AccessKitActionRequest(request);
    stage.harness.event(event);
    let wishes = stage.settle();
    let typed = Wish::Type(Slot::PostText, "Plum jam.".to_owned());
    assert!(wishes.contains(&typed), "{wishes:?}");
}

#[test]
fn a_replay_is_sought_in_by_key_and_by_readers() {
    let mut stage = stage(
        replayed(),
        View::default(),
        [1_000.0, 34.0],
        timeline::timeline_ui,
    );
    stage.settle();
    let slider = |stage: &Stage<'_>| {
        let role = Role::Slider;
        let node = stage
            .harness
            .get_by_role_and_label(role, "Moment of the replay");
        node.focus();
        node.accesskit_node().locate()
    };
    slider(&stage);
    stage.settle();
    let seek = |tick| Wish::Steer(TimeOrder::Seek { tick });
    for (key, tick) in [
        (egui::Key::ArrowRight, 2_100),
        (egui::Key::ArrowLeft, 1_900),
    ] {
        stage.harness.key_press(key);
        assert_eq!(stage.settle(), [seek(tick)], "{key:?}");
    }
    let (target_node, target_tree) = slider(&stage);
    for (action, data, tick) in [
        (Action::Increment, None, 2_100),
        (Action::Decrement, None, 1_900),
        (
            Action::SetValue,
            Some(ActionData::NumericValue(5_000.0)),
            5_000,
        ),
        (
            Action::SetValue,
            Some(ActionData::NumericValue(1e12)),
            10_000,
        ),
    ] {
        let request = ActionRequest {
            action,
            target_node,
            target_tree,
            data,
        };
        let event = egui::Event::AccessKitActionRequest(request);
        stage.harness.event(event);
        assert_eq!(stage.settle(), [seek(tick)], "{action:?}");
    }
}

#[test]
fn what_is_said_in_passing_is_told_at_once() {
    let mut view = close();
    let text = "Your post could not be sent. It is kept.";
    view.say(Tone::Trouble, text.to_owned(), NOW);
    view.say(Tone::Done, "It is booked.".to_owned(), NOW);
    let mut stage = stage(town(), view, [1_100.0, 640.0], whole);
    stage.settle();
    for (text, live) in [(text, Live::Assertive), ("It is booked.", Live::Polite)] {
        let toast = stage.harness.get_by_label(text);
        assert_eq!(toast.accesskit_node().live(), live, "{text}");
    }
}
