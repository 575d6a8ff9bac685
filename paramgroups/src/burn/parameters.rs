//! The parameters of a module, with their paths.

use burn::module::{Module, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::parameter::{Parameter, Role};

/// What a [`Splitter`](crate::Splitter) divides: paths and shapes of a module's float parameters, in the
/// order of its fields.
///
/// The running statistics of normalisation layers are left out, as they are never trained; frozen
/// parameters are not. Whatever is in one of burn's `…Norm` layers has the role [`Role::Norm`].
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::Device;
///
/// let linear = LinearConfig::new(10, 20).init(&Device::flex());
/// let parameters = paramgroups::burn::parameters(&linear);
/// assert_eq!(parameters[0].path(), "weight");
/// assert_eq!(parameters[0].shape(), Some(&[10, 20][..]));
/// ```
pub fn parameters<M: Module>(module: &M) -> Vec<Parameter> {
    let found = find(module).into_iter();
    found.map(|found| found.parameter).collect()
}

pub(super) struct Found {
    pub(super) parameter: Parameter,
    pub(super) id: ParamId,
}

pub(super) fn find<M: Module>(module: &M) -> Vec<Found> {
    // burn visits running statistics like parameters. They are what cannot be made to require a
    // gradient, which shows on an autodiff device only.
    let mut finder = Finder::default();
    module.clone().train().unfreeze().visit(&mut finder);
    finder.found
}

/// Each parameter without a gradient, by path.
pub(super) fn without_gradient<M: Module>(
    module: &M,
    grads: &GradientsParams,
    is_trained: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut visitor = WithoutGradient {
        path: Path::default(),
        grads,
        is_trained,
        found: Vec::new(),
    };
    module.visit(&mut visitor);
    visitor.found
}

/// The names of the modules that a visitor is in.
#[derive(Default)]
struct Path {
    segments: Vec<String>,
    containers: Vec<String>,
}

impl Path {
    fn enter(&mut self, name: &str, container: &str) {
        self.segments.push(name.into());
        self.containers.push(container.into());
    }

    fn exit(&mut self) {
        self.segments.pop();
        self.containers.pop();
    }

    fn join(&self) -> String {
        self.segments.join(".")
    }

    fn is_in_norm(&self) -> bool {
        let container = self.containers.last();
        container.is_some_and(|container| {
            container.starts_with("Struct:") && container.ends_with("Norm")
        })
    }
}

#[derive(Default)]
struct Finder {
    path: Path,
    found: Vec<Found>,
}

impl ModuleVisitor for Finder {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.val().is_require_grad() {
            return;
        }
        let parameter = Parameter::new(self.path.join()).with_shape(param.val().dims());
        let parameter = match self.path.is_in_norm() {
            true => parameter.with_role(Role::Norm),
            false => parameter,
        };
        self.found.push(Found {
            parameter,
            id: param.id,
        });
    }
}

struct WithoutGradient<'a, F> {
    path: Path,
    grads: &'a GradientsParams,
    is_trained: F,
    found: Vec<String>,
}

impl<F: Fn(&str) -> bool> ModuleVisitor for WithoutGradient<'_, F> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join();
        if (self.is_trained)(&path) && self.grads.get::<D>(param.id).is_none() {
            self.found.push(path);
        }
    }
}
