using System.Diagnostics;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Load;

/// <summary>One client that changes something before each of its requests, so that none can be answered from before.</summary>
internal static class OneByOne
{
    /// <summary>Does so for some time.</summary>
    public static async Task<LoadResult> RunAsync(ServerProcess server, Action change, string path, double seconds)
    {
        var times = new List<TimeSpan>();
        var began = Stopwatch.GetTimestamp();
        var cpu = server.Cpu;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            change();
            var asked = Stopwatch.GetTimestamp();
            using var answer = await server.Client.GetAsync(path);
            answer.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(asked));
        }

        cpu = server.Cpu - cpu;
        times.Sort();
        var elapsed = times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
        return new LoadResult(times.Count, elapsed, times[times.Count / 2], times[(int)(times.Count * 0.99)], cpu);
    }
}
