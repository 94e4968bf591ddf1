#include "emulator/time_course.hpp"

#include <cmath>

namespace emulator {
namespace {

using RealMicros = std::chrono::duration<double, std::micro>;

}  // namespace

at::Time TimeCourse::at(Moment now) const {
  if (stands_) return from_;
  const RealMicros passed = now - since_;
  return from_ + at::Duration(static_cast<at::Duration::rep>(passed.count() * scale_));
}

std::optional<TimeCourse::Moment> TimeCourse::when(at::Time then) const {
  if (then <= from_) return since_;
  if (stands_) return std::nullopt;
  const RealMicros left(std::ceil(static_cast<double>((then - from_).count()) / scale_));
  return since_ + std::chrono::ceil<Moment::duration>(left);
}

void TimeCourse::leap(Moment now, at::Time then) {
  since_ = now;
  from_ = then;
}

void TimeCourse::rescale(Moment now, at::Time then, double scale) {
  leap(now, then);
  scale_ = scale;
}

void TimeCourse::stand(Moment now, at::Time then) {
  leap(now, then);
  stands_ = true;
}

void TimeCourse::go(Moment now) {
  since_ = now;
  stands_ = false;
}

}  // namespace emulator
