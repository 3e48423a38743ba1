//! When the machine takes back what the window draws with: the window ends, and says why.

use bevy::prelude::*;
use bevy::render::error_handler::{ErrorType, RenderError, RenderErrorHandler, RenderErrorPolicy};

use crate::capture;
use crate::options::ViewError;

/// Has the window end with an error where drawing breaks, whatever else it was to do.
pub(crate) fn plugin(app: &mut App) {
    app.insert_resource(RenderErrorHandler(end));
}

fn end(error: &RenderError, window: &mut World, _drawing: &mut World) -> RenderErrorPolicy {
    capture::fail(ViewError::Broken(sentence(error)));
    window.write_message(AppExit::error());
    // A picture that breaks in every frame would flash: nothing is drawn any more.
    RenderErrorPolicy::StopRendering
}

fn sentence(error: &RenderError) -> String {
    let what = match error.ty {
        ErrorType::DeviceLost => "the graphics device was lost",
        ErrorType::OutOfMemory => "the graphics device has no memory left",
        ErrorType::Validation => "the graphics device refused what was to be drawn",
        ErrorType::Internal => "the graphics driver failed",
    };
    match error.description.lines().next() {
        Some(why) if !why.is_empty() => format!("{what}: {why}"),
        _ => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::end_of;

    /// What drawing does in the frame after a device is gone.
    fn lose(window: &mut World) {
        let error = RenderError {
            ty: ErrorType::DeviceLost,
            description: "unplugged\nand more".to_owned(),
            source: None,
        };
        window.resource_scope(|window, handler: Mut<RenderErrorHandler>| {
            let policy = (handler.0)(&error, window, &mut World::new());
            assert!(matches!(policy, RenderErrorPolicy::StopRendering));
        });
    }

    fn break_down() {
        panic!("the driver gave up");
    }

    fn app() -> App {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, plugin));
        app
    }

    // One test, for how a window ended is kept in one place of the process.
    #[test]
    fn a_window_that_loses_its_device_ends_with_an_error_that_says_so() {
        let mut lost = app();
        lost.add_systems(Update, lose);
        let end = end_of(lost);
        let Err(ViewError::Broken(why)) = &end else {
            panic!("{end:?}");
        };
        assert_eq!(why, "the graphics device was lost: unplugged");

        let mut broken = app();
        broken.add_systems(Update, break_down);
        let end = end_of(broken);
        assert!(matches!(end, Err(ViewError::Broken(_))), "{end:?}");

        let mut closed = app();
        closed.add_systems(Update, |mut exit: MessageWriter<AppExit>| {
            exit.write(AppExit::Success);
        });
        let end = end_of(closed);
        assert!(end.is_ok(), "{end:?}");
    }
}
