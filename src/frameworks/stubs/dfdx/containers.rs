//! dfdx: modules that hold modules; a tuple, which is the plain sequence, the evaluator knows itself.

mod containers {
    /// Output and input are added.
    pub struct Residual<F>(pub F);

    impl<F> Residual<F> {
        pub fn build() -> Self {
            Residual(dfdx::build::<F>())
        }
    }

    /// The outputs of two modules are added.
    pub struct GeneralizedResidual<F, R> {
        pub f: F,
        pub r: R,
    }

    impl<F, R> GeneralizedResidual<F, R> {
        pub fn build() -> Self {
            GeneralizedResidual {
                f: dfdx::build::<F>(),
                r: dfdx::build::<R>(),
            }
        }
    }

    /// One input for all modules of a tuple.
    pub struct SplitInto<T>(pub T);

    impl<T> SplitInto<T> {
        pub fn build() -> Self {
            SplitInto(dfdx::build::<T>())
        }
    }

    /// One input for each module of a tuple, their outputs added.
    pub struct AddInto<T>(pub T);

    impl<T> AddInto<T> {
        pub fn build() -> Self {
            AddInto(dfdx::build::<T>())
        }
    }

    /// `N` modules in sequence. They are named by their place alone, so what is built is the list itself.
    pub struct Repeated<T, const N: usize> {
        pub modules: Vec<T>,
    }

    impl<T, const N: usize> Repeated<T, N> {
        pub fn build() -> Vec<T> {
            (0..N).map(|_| dfdx::build::<T>()).collect()
        }
    }
}
