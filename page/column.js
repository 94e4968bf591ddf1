// A list of numbers that grows at its end and loses some at its beginning, in a typed array: what a
// million events are remembered by without a million objects. A column in ascending order can be
// searched, and be added to in its middle.

export class Column {
  constructor(Type, capacity = 4096) {
    this.Type = Type;
    this.data = new Type(capacity);
    this.length = 0;
  }

  push(value) {
    if (this.length === this.data.length) this.grow(this.length + 1);
    this.data[this.length] = value;
    this.length += 1;
  }

  grow(wanted) {
    let capacity = this.data.length;
    while (capacity < wanted) capacity = Math.ceil(capacity * 1.5);
    const wider = new this.Type(capacity);
    wider.set(this.data.subarray(0, this.length));
    this.data = wider;
  }

  /// The first `count` are gone, and the others move up.
  drop(count) {
    this.data.copyWithin(0, count, this.length);
    this.length -= count;
  }

  insert(place, value) {
    this.push(value);
    this.data.copyWithin(place + 1, place, this.length - 1);
    this.data[place] = value;
  }

  remove(place) {
    this.data.copyWithin(place, place + 1, this.length);
    this.length -= 1;
  }

  clear() {
    this.length = 0;
  }

  /// Of a column in ascending order: the first place that has `value` or more.
  lowerBound(value) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.data[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
