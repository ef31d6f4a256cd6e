# What a run of github/scientist costs in its own language, for the README's comparison.
# Debian: apt-get install ruby ruby-scientist && ruby benchmarks/src/main/ruby/scientist.rb
require "scientist"

class Quiet
  include Scientist::Experiment

  attr_accessor :name, :on

  def initialize(name)
    @name = name
    @on = true
  end

  def enabled?
    @on
  end

  def publish(result)
    @count = (@count || 0) + 1
  end
end

def work(x)
  x * 31 + 7
end

def nanos(times)
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
  times.times { |i| yield i }
  (Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - start) / times
end

def run(on, i)
  experiment = Quiet.new("bench")
  experiment.on = on
  experiment.use { work(i) }
  experiment.try { work(i) }
  experiment.run
end

times = 200_000
2.times do
  puts "ruby #{RUBY_VERSION}, scientist #{Scientist::VERSION}: " \
       "direct #{nanos(times) { |i| work(i) }} ns, " \
       "off #{nanos(times) { |i| run(false, i) }} ns, on #{nanos(times) { |i| run(true, i) }} ns"
end
