//! A model as a Bevy plugin, beside other systems on a fixed tick.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{InternedScheduleLabel, ScheduleLabel};

use super::run::{Model, Run};

/// A run in a Bevy world: other systems read [`Running::run`] for what the model has become.
#[derive(Resource, Debug)]
pub struct Running<M: Model + Send + Sync + 'static> {
    /// The run.
    pub run: Run<M>,
}

/// Adds a run to an app: one tick of the model whenever the schedule runs.
#[derive(Debug)]
pub struct ModelPlugin<M> {
    run: Run<M>,
    schedule: InternedScheduleLabel,
}

impl<M: Model + Clone + Send + Sync + 'static> ModelPlugin<M> {
    /// The plugin of a run that is ready, on a schedule with a fixed tick.
    pub fn new(run: Run<M>, schedule: impl ScheduleLabel) -> Self {
        Self {
            run,
            schedule: schedule.intern(),
        }
    }
}

impl<M: Model + Clone + Send + Sync + 'static> Plugin for ModelPlugin<M> {
    fn build(&self, app: &mut App) {
        app.insert_resource(Running {
            run: self.run.clone(),
        });
        app.add_systems(self.schedule, step::<M>);
    }
}

fn step<M: Model + Send + Sync + 'static>(mut running: ResMut<Running<M>>) {
    running.run.advance(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Step;

    #[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
    struct FixedTick;

    #[derive(Clone)]
    struct Sum(u64);

    impl Model for Sum {
        fn step(&mut self, step: &mut Step) {
            self.0 += u64::from(step.rng.below(10));
        }
    }

    #[test]
    fn in_an_app_a_model_runs_as_it_runs_alone() {
        let mut app = App::new();
        app.init_schedule(FixedTick);
        app.add_plugins(ModelPlugin::new(Run::new(Sum(0), 5), FixedTick));
        for _ in 0..20 {
            app.world_mut().run_schedule(FixedTick);
        }
        let in_app = app.world().resource::<Running<Sum>>().run.state_hash();
        assert_eq!(in_app, Run::new(Sum(0), 5).ticks(20).state_hash());
        assert_eq!(app.world().resource::<Running<Sum>>().run.done(), 20);
    }
}
