;; What two grids of cells have in common where one lies over the other. The bytes in shifts-module.ts are made of this text
;; (test/unit/compare/photo/coarse-search.test.ts). Memory: cells as f64, row by row, two grids wherever the caller puts them.
;; `common` gives the sum of the products of `rows` x `columns` cells that begin at the addresses `a` and `b`, whose rows lie `lineA` and
;; `lineB` bytes apart; cells are taken two at a time.
(module
  (memory (export "memory") 1)
  (func (export "common")
    (param $a i32) (param $b i32) (param $columns i32) (param $rows i32) (param $lineA i32) (param $lineB i32) (result f64)
    (local $p i32) (local $q i32) (local $left i32) (local $odd f64) (local $even v128) (local $other v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $p (local.get $a))
        (local.set $q (local.get $b))
        (local.set $left (local.get $columns))
        (block $few
          (loop $four
            (br_if $few (i32.lt_s (local.get $left) (i32.const 4)))
            (local.set $even (f64x2.add (local.get $even)
              (f64x2.mul (v128.load (local.get $p)) (v128.load (local.get $q)))))
            (local.set $other (f64x2.add (local.get $other)
              (f64x2.mul (v128.load offset=16 (local.get $p)) (v128.load offset=16 (local.get $q)))))
            (local.set $p (i32.add (local.get $p) (i32.const 32)))
            (local.set $q (i32.add (local.get $q) (i32.const 32)))
            (local.set $left (i32.sub (local.get $left) (i32.const 4)))
            (br $four)))
        (block $none
          (loop $one
            (br_if $none (i32.eqz (local.get $left)))
            (local.set $odd (f64.add (local.get $odd)
              (f64.mul (f64.load (local.get $p)) (f64.load (local.get $q)))))
            (local.set $p (i32.add (local.get $p) (i32.const 8)))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $one)))
        (local.set $a (i32.add (local.get $a) (local.get $lineA)))
        (local.set $b (i32.add (local.get $b) (local.get $lineB)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row)))
    (local.set $even (f64x2.add (local.get $even) (local.get $other)))
    (f64.add
      (f64.add (f64x2.extract_lane 0 (local.get $even)) (f64x2.extract_lane 1 (local.get $even)))
      (local.get $odd))))
