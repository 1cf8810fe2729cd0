using System.Globalization;

namespace Hermes.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Serve = "--serve";

    public const string Usage = """
        dotnet run -c Release --project Hermes.Benchmarks -- [options]

          --quick          a look of ten minutes: the table of answers alone, in one round
          --sessions N     the sessions of the home that is measured, of 20 messages each (default: 10000)
          --seconds N      how long each load runs (default: 2)
          --rounds N       how often each load runs, alternating with the static answers (default: 3)
          --soak MINUTES   how long the memory is watched under a mixed load (default: 10)
          --out FILE       where the tables go (default: Hermes.Benchmarks/RESULTS.md)
          --micro          the micro-benchmarks instead; further arguments go to BenchmarkDotNet
        """;

    public bool IsQuick { get; private init; }

    public int Sessions { get; private init; } = 10_000;

    public double Seconds { get; private init; } = 2;

    public int Rounds { get; private init; } = 3;

    public double SoakMinutes { get; private init; } = 10;

    /// <summary>How long a load runs before it is measured: until the runtime has found out what is worth compiling well, and has done so.</summary>
    public double WarmUpSeconds => Math.Max(Seconds, IsQuick ? 6 : 12);

    /// <summary>Null: beside the project.</summary>
    public string? Out { get; private init; }

    public bool RunsMicro { get; private init; }

    public string[] MicroArguments { get; private init; } = [];

    /// <summary>The home that this process serves; null where it measures.</summary>
    public string? ServedHome { get; private init; }

    /// <summary>Null where the arguments cannot be understood.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchmarkOptions();
        while (arguments is [var name, .. var rest])
        {
            switch (name)
            {
                case "--micro":
                    return options with { RunsMicro = true, MicroArguments = rest.ToArray() };
                case "--quick":
                    options = options with { IsQuick = true, Rounds = 1 };
                    arguments = rest;
                    continue;
            }

            if (rest is not [var value, .. var others] || options.With(name, value) is not { } changed) return null;

            options = changed;
            arguments = others;
        }

        return options;
    }

    /// <summary>The arguments that ask for the same.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsQuick ? "--quick " : "")}--sessions {Sessions} --seconds {Seconds:0.#} --rounds {Rounds}{(IsQuick ? "" : $" --soak {SoakMinutes:0.#}")}");

    private BenchmarkOptions? With(string name, string value) => name switch
    {
        "--sessions" when int.TryParse(value, CultureInfo.InvariantCulture, out var sessions) && sessions >= 1_000 => this with { Sessions = sessions },
        "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1 => this with { Seconds = seconds },
        "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => this with { Rounds = rounds },
        "--soak" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => this with { SoakMinutes = minutes },
        "--out" => this with { Out = value },
        Serve => this with { ServedHome = value },
        _ => null,
    };
}
