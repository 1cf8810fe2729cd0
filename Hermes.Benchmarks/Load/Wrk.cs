using System.Globalization;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Load;

/// <summary>Loads a server with <c>wrk</c> (https://github.com/wg/wrk).</summary>
internal static class Wrk
{
    public const string HowToInstall = "wrk is missing. It makes the load: apt-get install wrk";
    public const int Connections = 8;

    // Threads begin at different places of the list. What is sent is put together once: the machine is the server's.
    private const string Script = """
        local threads = 0
        function setup(thread) thread:set("number", threads); threads = threads + 1 end
        function init(args)
          local headers = { Authorization = "Bearer " .. args[2] }
          if args[4] ~= "" then headers["If-None-Match"] = args[4] end
          if args[5] ~= "" then headers["Content-Type"] = "application/json" end
          built = {}
          for path in io.lines(args[1]) do
            built[#built + 1] = wrk.format(args[3], path, headers, args[5] ~= "" and args[5] or nil)
          end
          at = math.floor(#built * number / 2)
        end
        function request() at = at % #built + 1; return built[at] end
        function done(summary, latency)
          local e = summary.errors
          print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50),
            latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
        end
        """;

    public static bool IsInstalled => Command.Exists("wrk");

    /// <summary>Loads the server for some time.</summary>
    public static async Task<LoadResult> RunAsync(ServerProcess server, Requests requests, double seconds, int connections = Connections)
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("load.lua", Script);
        var paths = folder.Write("paths", string.Join('\n', requests.Paths));
        var threads = Math.Min(2, connections);
        var before = server.Cpu;
        var (_, output) = await Command.RunAsync("wrk",
        [
            $"-t{threads}", $"-c{connections}", string.Create(CultureInfo.InvariantCulture, $"-d{Math.Max(1, Math.Round(seconds))}s"), "--timeout", "30s", "-s", script,
            server.Address.ToString(), "--", paths, BenchmarkServer.Key, requests.Method, requests.IfNoneMatch ?? "", requests.Body ?? "",
        ]);
        var cpu = server.Cpu - before;
        var result = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))?.Split(' ')
            .Skip(1).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return result is [var answered, var elapsed, var median, var p99, 0]
            ? new LoadResult(answered, Microseconds(elapsed), Microseconds(median), Microseconds(p99), cpu)
            : throw new InvalidOperationException($"Requests failed under load, first {requests.Paths[0]}:\n{output}");
    }

    private static TimeSpan Microseconds(long count) => TimeSpan.FromMicroseconds(count);
}
