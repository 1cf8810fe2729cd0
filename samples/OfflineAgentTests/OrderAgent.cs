using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace OfflineAgentTests;

/// <summary>The agent under test: it looks orders up, and knows nothing of where its model runs.</summary>
public static class OrderAgent
{
    private static readonly Dictionary<int, string> Orders = new() { [17] = "shipped on Monday", [42] = "waiting for payment" };

    /// <summary>Puts the agent around a model: a real one in the app, a scripted one in the tests.</summary>
    public static IChatClient Create(IChatClient model) => model.AsBuilder()
        .ConfigureOptions(options =>
        {
            options.Instructions = "You help with orders. Look every order up; never guess.";
            options.Tools = [AIFunctionFactory.Create(FindOrder, "find_order")];
        })
        .UseFunctionInvocation()
        .Build();

    [Description("Says how far an order is.")]
    private static string FindOrder(int number) => Orders.TryGetValue(number, out var state) ? state : $"there is no order {number}";
}
