;; Tiles of 8 x 8 grey levels that are neither one plane nor two planes along an edge (graphic.ts tells what that means). The bytes in graphic-module.ts
;; are made of this text (test/unit/image/graphic.test.ts). Memory, all f64: 4096 how far right of a tile's middle each of its pixels is, 4608 how far
;; below, 5120 both beside each other; 6144 the levels of the tile that is looked at.
;; Sums that rounding touches are taken pixel by pixel, in order.
(module
  (import "shared" "memory" (memory 1))

  (func $sum (param $v v128) (result f64)
    (f64.add (f64x2.extract_lane 0 (local.get $v)) (f64x2.extract_lane 1 (local.get $v))))

  ;; Of masks, minus the number that are set.
  (func $count (param $v v128) (result f64)
    (f64.convert_i64_s (i64.add (i64x2.extract_lane 0 (local.get $v)) (i64x2.extract_lane 1 (local.get $v)))))

  ;; Pixels of levels from $least to below $most that stray less than $stray from the plane that fits those levels best (least squares).
  (func $nearPlane (param $least f64) (param $most f64) (param $stray f64) (result i32)
    (local $at i32) (local $low v128) (local $high v128) (local $v v128) (local $m v128) (local $p v128)
    (local $n v128) (local $sx v128) (local $sy v128) (local $sl v128)
    (local $squares v128) (local $levels v128) (local $crossed v128)
    (local $many f64) (local $mx f64) (local $my f64) (local $ml f64)
    (local $xx f64) (local $yy f64) (local $xy f64) (local $xl f64) (local $yl f64) (local $d f64)
    (local.set $low (f64x2.splat (local.get $least)))
    (local.set $high (f64x2.splat (local.get $most)))
    (loop $pass
      (local.set $v (v128.load offset=6144 (local.get $at)))
      (local.set $m (v128.and (f64x2.ge (local.get $v) (local.get $low)) (f64x2.lt (local.get $v) (local.get $high))))
      (local.set $n (i64x2.add (local.get $n) (local.get $m)))
      (local.set $sx (f64x2.add (local.get $sx) (v128.and (local.get $m) (v128.load offset=4096 (local.get $at)))))
      (local.set $sy (f64x2.add (local.get $sy) (v128.and (local.get $m) (v128.load offset=4608 (local.get $at)))))
      (local.set $sl (f64x2.add (local.get $sl) (v128.and (local.get $m) (local.get $v))))
      (br_if $pass (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (i32.const 512))))
    (local.set $many (f64.neg (call $count (local.get $n))))
    (if (f64.lt (local.get $many) (f64.const 4)) (then (return (i32.trunc_f64_s (local.get $many)))))
    (local.set $mx (f64.div (call $sum (local.get $sx)) (local.get $many)))
    (local.set $my (f64.div (call $sum (local.get $sy)) (local.get $many)))
    (local.set $ml (f64.div (call $sum (local.get $sl)) (local.get $many)))
    (local.set $p (f64x2.replace_lane 1 (f64x2.splat (local.get $mx)) (local.get $my)))
    (local.set $at (i32.const 0))
    (loop $pass
      (local.set $v (v128.load64_splat offset=6144 (local.get $at)))
      (local.set $m (v128.and (f64x2.ge (local.get $v) (local.get $low)) (f64x2.lt (local.get $v) (local.get $high))))
      (local.set $v (f64x2.sub (local.get $v) (f64x2.splat (local.get $ml))))
      (local.set $sx (f64x2.sub (v128.load offset=5120 (i32.shl (local.get $at) (i32.const 1))) (local.get $p)))
      (local.set $squares (f64x2.add (local.get $squares) (v128.and (local.get $m) (f64x2.mul (local.get $sx) (local.get $sx)))))
      (local.set $crossed (f64x2.add (local.get $crossed) (v128.and (local.get $m)
        (f64x2.mul (local.get $sx) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $sx) (local.get $sx))))))
      (local.set $levels (f64x2.add (local.get $levels) (v128.and (local.get $m) (f64x2.mul (local.get $sx) (local.get $v)))))
      (br_if $pass (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 512))))
    (local.set $xx (f64x2.extract_lane 0 (local.get $squares)))
    (local.set $yy (f64x2.extract_lane 1 (local.get $squares)))
    (local.set $xy (f64x2.extract_lane 0 (local.get $crossed)))
    (local.set $xl (f64x2.extract_lane 0 (local.get $levels)))
    (local.set $yl (f64x2.extract_lane 1 (local.get $levels)))
    ;; Slopes of the plane, none where the pixels lie in one line.
    (local.set $d (f64.sub (f64.mul (local.get $xx) (local.get $yy)) (f64.mul (local.get $xy) (local.get $xy))))
    (local.set $sx (f64x2.splat (f64.const 0)))
    (local.set $sy (local.get $sx))
    (if (f64.ge (f64.abs (local.get $d)) (f64.const 1e-6))
      (then
        (local.set $sx (f64x2.splat (f64.div
          (f64.sub (f64.mul (local.get $xl) (local.get $yy)) (f64.mul (local.get $yl) (local.get $xy))) (local.get $d))))
        (local.set $sy (f64x2.splat (f64.div
          (f64.sub (f64.mul (local.get $yl) (local.get $xx)) (f64.mul (local.get $xl) (local.get $xy))) (local.get $d))))))
    (local.set $n (v128.const i64x2 0 0))
    (local.set $at (i32.const 0))
    (loop $pass
      (local.set $v (v128.load offset=6144 (local.get $at)))
      (local.set $m (v128.and (f64x2.ge (local.get $v) (local.get $low)) (f64x2.lt (local.get $v) (local.get $high))))
      (local.set $v (f64x2.sub (local.get $v) (f64x2.splat (local.get $ml))))
      (local.set $v (f64x2.sub (local.get $v) (f64x2.mul (local.get $sx)
        (f64x2.sub (v128.load offset=4096 (local.get $at)) (f64x2.splat (local.get $mx))))))
      (local.set $v (f64x2.sub (local.get $v) (f64x2.mul (local.get $sy)
        (f64x2.sub (v128.load offset=4608 (local.get $at)) (f64x2.splat (local.get $my))))))
      (local.set $n (i64x2.sub (local.get $n) (v128.and (local.get $m)
        (f64x2.lt (f64x2.abs (local.get $v)) (f64x2.splat (local.get $stray))))))
      (br_if $pass (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (i32.const 512))))
    (i32.trunc_f64_s (call $count (local.get $n))))

  ;; The level between the two colours of a tile: five rounds of two means, from $limit.
  (func $split (param $limit f64) (result f64)
    (local $round i32) (local $at i32) (local $v v128) (local $m v128) (local $all v128) (local $high v128) (local $n v128)
    (local $sum f64) (local $highs f64) (local $lows f64)
    (loop $next
      (local.set $all (f64x2.splat (f64.const 0)))
      (local.set $high (local.get $all))
      (local.set $n (local.get $all))
      (local.set $at (i32.const 0))
      (loop $pass
        (local.set $v (v128.load offset=6144 (local.get $at)))
        (local.set $m (f64x2.ge (local.get $v) (f64x2.splat (local.get $limit))))
        (local.set $n (i64x2.sub (local.get $n) (local.get $m)))
        (local.set $all (f64x2.add (local.get $all) (local.get $v)))
        (local.set $high (f64x2.add (local.get $high) (v128.and (local.get $m) (local.get $v))))
        (br_if $pass (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (i32.const 512))))
      (local.set $sum (call $sum (local.get $high)))
      (local.set $highs (call $count (local.get $n)))
      (local.set $lows (f64.sub (f64.const 64) (local.get $highs)))
      (local.set $limit (f64.div
        (f64.add
          (select (local.get $limit) (f64.div (f64.sub (call $sum (local.get $all)) (local.get $sum)) (local.get $lows))
            (f64.eq (local.get $lows) (f64.const 0)))
          (select (local.get $limit) (f64.div (local.get $sum) (local.get $highs)) (f64.eq (local.get $highs) (f64.const 0))))
        (f64.const 2)))
      (br_if $next (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 5))))
    (local.get $limit))

  ;; Whether the tile at $p, whose rows lie $width apart, is explained: $ofOne pixels and more near one plane, or $ofTwo near one of two, where its
  ;; levels lie $apart or more.
  (func $isExplained (param $p i32) (param $width i32) (param $stray f64) (param $ofOne i32) (param $ofTwo i32) (param $apart f64) (result i32)
    (local $at i32) (local $v v128) (local $t v128) (local $low v128) (local $high v128) (local $least f64) (local $most f64) (local $limit f64)
    (local.set $low (f64x2.splat (f64.const 255)))
    (loop $row
      (local.set $v (v128.load8x8_u (local.get $p)))
      (local.set $t (i32x4.extend_low_i16x8_u (local.get $v)))
      (v128.store offset=6144 (local.get $at) (f64x2.convert_low_i32x4_u (local.get $t)))
      (v128.store offset=6160 (local.get $at)
        (f64x2.convert_low_i32x4_u (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t) (local.get $t))))
      (local.set $t (i32x4.extend_high_i16x8_u (local.get $v)))
      (v128.store offset=6176 (local.get $at) (f64x2.convert_low_i32x4_u (local.get $t)))
      (v128.store offset=6192 (local.get $at)
        (f64x2.convert_low_i32x4_u (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t) (local.get $t))))
      (local.set $p (i32.add (local.get $p) (local.get $width)))
      (br_if $row (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (i32.const 512))))
    (if (i32.ge_s (call $nearPlane (f64.const 0) (f64.const inf) (local.get $stray)) (local.get $ofOne)) (then (return (i32.const 1))))
    (local.set $at (i32.const 0))
    (loop $pass
      (local.set $v (v128.load offset=6144 (local.get $at)))
      (local.set $low (f64x2.pmin (local.get $low) (local.get $v)))
      (local.set $high (f64x2.pmax (local.get $high) (local.get $v)))
      (br_if $pass (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (i32.const 512))))
    (local.set $least (f64.min (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low))))
    (local.set $most (f64.max (f64x2.extract_lane 0 (local.get $high)) (f64x2.extract_lane 1 (local.get $high))))
    (if (f64.lt (f64.sub (local.get $most) (local.get $least)) (local.get $apart)) (then (return (i32.const 0))))
    (local.set $limit (call $split (f64.div (f64.add (local.get $least) (local.get $most)) (f64.const 2))))
    (i32.ge_s
      (i32.add
        (call $nearPlane (f64.const 0) (local.get $limit) (local.get $stray))
        (call $nearPlane (local.get $limit) (f64.const inf) (local.get $stray)))
      (local.get $ofTwo)))

  ;; Tiles of a picture that are not explained; what is left at its right and below is not looked at.
  (func (export "unexplained") (param $luma i32) (param $width i32) (param $height i32)
      (param $stray f64) (param $ofOne i32) (param $ofTwo i32) (param $apart f64) (result i32)
    (local $x i32) (local $y i32) (local $many i32)
    (block $done
      (loop $row
        (br_if $done (i32.gt_s (i32.add (local.get $y) (i32.const 8)) (local.get $height)))
        (local.set $x (i32.const 0))
        (block $end
          (loop $tile
            (br_if $end (i32.gt_s (i32.add (local.get $x) (i32.const 8)) (local.get $width)))
            (local.set $many (i32.add (local.get $many) (i32.eqz (call $isExplained
              (i32.add (local.get $luma) (i32.add (local.get $x) (i32.mul (local.get $y) (local.get $width)))) (local.get $width)
              (local.get $stray) (local.get $ofOne) (local.get $ofTwo) (local.get $apart)))))
            (local.set $x (i32.add (local.get $x) (i32.const 8)))
            (br $tile)))
        (local.set $y (i32.add (local.get $y) (i32.const 8)))
        (br $row)))
    (local.get $many)))
