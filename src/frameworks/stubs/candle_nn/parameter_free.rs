//! candle-nn: what a model may hold that has no parameters.

pub use ops::Dropout;

pub mod ops {
    #[derive(Clone, Debug)]
    pub struct Dropout {
        drop_p: f32,
    }

    impl Dropout {
        pub fn new(drop_p: f32) -> Dropout {
            Dropout { drop_p }
        }
    }

    #[derive(Clone, Debug)]
    pub struct Identity;

    impl Identity {
        pub fn new() -> Identity {
            Identity
        }
    }

    impl Default for Identity {
        fn default() -> Self {
            Identity
        }
    }
}

pub mod kv_cache {
    use candle_core::{DType, Device, Result, Tensor};

    #[derive(Clone, Debug)]
    pub struct Cache {
        all_data: Option<Tensor>,
        dim: usize,
        current_seq_len: usize,
        max_seq_len: usize,
    }

    impl Cache {
        pub fn new(dim: usize, max_seq_len: usize) -> Self {
            Cache {
                all_data: None,
                dim,
                current_seq_len: 0,
                max_seq_len,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct KvCache {
        k: Cache,
        v: Cache,
    }

    impl KvCache {
        pub fn new(dim: usize, max_seq_len: usize) -> Self {
            KvCache {
                k: Cache::new(dim, max_seq_len),
                v: Cache::new(dim, max_seq_len),
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct RotatingCache {
        all_data: Option<Tensor>,
        dim: usize,
        offset: usize,
        current_seq_len: usize,
        max_seq_len: usize,
    }

    impl RotatingCache {
        pub fn new(dim: usize, max_seq_len: usize) -> Self {
            RotatingCache {
                all_data: None,
                dim,
                offset: 0,
                current_seq_len: 0,
                max_seq_len,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct RotatingKvCache {
        k: RotatingCache,
        v: RotatingCache,
    }

    impl RotatingKvCache {
        pub fn new(dim: usize, max_seq_len: usize) -> Self {
            RotatingKvCache {
                k: RotatingCache::new(dim, max_seq_len),
                v: RotatingCache::new(dim, max_seq_len),
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct ScatteredKvCache {
        k: Tensor,
        v: Tensor,
        context: usize,
    }

    #[derive(Clone, Debug)]
    pub struct ScatteredCacheBuilder {
        context: usize,
        batch_size: usize,
        dtype: DType,
        device: Device,
    }

    impl ScatteredCacheBuilder {
        pub fn new(
            batch_size: usize,
            context: usize,
            dtype: DType,
            device: &Device,
        ) -> Result<Self> {
            Ok(ScatteredCacheBuilder {
                context,
                batch_size,
                dtype,
                device: device.clone(),
            })
        }

        pub fn make_cache(&self, num_heads: usize, head_dim: usize) -> Result<ScatteredKvCache> {
            let shape = (self.batch_size, num_heads, self.context, head_dim);
            let k = Tensor::zeros(shape, self.dtype, &self.device)?;
            let v = Tensor::zeros(shape, self.dtype, &self.device)?;
            Ok(ScatteredKvCache {
                k,
                v,
                context: self.context,
            })
        }
    }

    #[derive(Clone, Debug)]
    pub struct ConcatKvCache {
        k: Option<Tensor>,
        v: Option<Tensor>,
        dim: usize,
    }

    impl ConcatKvCache {
        pub fn new(dim: usize) -> Self {
            ConcatKvCache {
                k: None,
                v: None,
                dim,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct InterleavedKvCache {
        kv: Option<Tensor>,
        head_dim: usize,
    }

    impl InterleavedKvCache {
        pub fn new(head_dim: usize) -> Self {
            InterleavedKvCache { kv: None, head_dim }
        }
    }

    #[derive(Clone, Debug)]
    pub struct RawInterleavedKvCache {
        h_kv: usize,
        d: usize,
    }

    impl RawInterleavedKvCache {
        pub fn new(h_kv: usize, d: usize, _max_seq: usize) -> Self {
            RawInterleavedKvCache { h_kv, d }
        }
    }
}
